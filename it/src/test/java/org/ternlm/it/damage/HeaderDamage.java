package org.ternlm.it.damage;

import static org.ternlm.it.damage.Damage.PACKED;
import static org.ternlm.it.damage.Damage.WEIGHTS;

import java.util.List;

/// Headers of safetensors files that lie.
final class HeaderDamage {
    private static final String NORM = "model.layers.0.input_layernorm.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private HeaderDamage() {}

    static List<Damage> all() {
        return List.of(of("a header of no bytes", copy -> copy.headerLength(0), "header length: expected 2 to "),
                of("a header of negative length", copy -> copy.headerLength(-1), "found 18446744073709551615"),
                of("a header of the smallest number", copy -> copy.headerLength(Long.MIN_VALUE),
                        "found 9223372036854775808"),
                of("a header of a terabyte", copy -> copy.headerLength(1L << 40), "found 1099511627776"),
                of("a header one byte longer than the file", copy -> copy.headerLength(956_171),
                        "header length: expected 2 to 956170, found 956171"),
                of("a header that ends one byte early", copy -> copy.headerLength(5_855 - 8),
                        "header: expected a JSON object, found "),
                of("a header that ends in the data", copy -> copy.headerLength(5_900),
                        "header: expected a JSON object, found "),
                of("a header that is no JSON", copy -> copy.headerText(header -> header.replace(':', ';')),
                        "header: expected a JSON object, found Unexpected character"),
                of("a header that is a list", copy -> copy.headerText(header -> "[" + header + "]"),
                        "header: expected a JSON object, found an array"),
                of("a header with a tensor twice",
                        copy -> copy.headerText(header -> header.replace("layers.1.input", "layers.0.input")),
                        "header: expected a JSON object, found Duplicate"),
                of("a header a thousand objects deep",
                        copy -> copy.headerText(
                                header -> "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)),
                        "nesting depth"),
                of("a header with text behind it", copy -> copy.headerText(header -> header.strip() + "null"),
                        "found Trailing token"),
                of("metadata that are a list", copy -> copy.header(header -> header.putArray("__metadata__")),
                        "__metadata__: expected an object, found []"),
                of("a tensor that is a number", copy -> copy.header(header -> header.put(NORM, 7)),
                        NORM + ": expected a dtype that Tern knows, found none"),
                of("an unknown type", copy -> copy.entry(NORM, "dtype", "'F8_E5M2'"),
                        NORM + ": expected a dtype that Tern knows, found \"F8_E5M2\""),
                of("a negative dimension", copy -> copy.entry(NORM, "shape", "[-256]"),
                        NORM + ": expected a shape of a possible size, found [-256]"),
                of("dimensions whose product overflows to the right size",
                        copy -> copy.entry(NORM, "shape", "[4294967296, 4294967296, 256]"),
                        NORM + ": expected a shape of a possible size"),
                of("dimensions whose bytes overflow", copy -> copy.entry(NORM, "shape", "[9223372036854775807]"),
                        NORM + ": expected a shape of a possible size, found [9223372036854775807]"),
                of("a dimension beyond 64 bits", copy -> copy.entry(NORM, "shape", "[18446744073709551872]"),
                        NORM + ": expected a shape of a possible size"),
                of("a fractional dimension", copy -> copy.entry(NORM, "shape", "[256.5]"), NORM + ": expected a shape"),
                of("a shape that is a number", copy -> copy.entry(NORM, "shape", "256"), NORM + ": expected a shape"),
                of("a shape of a million dimensions",
                        copy -> copy.entry(NORM, "shape", "[" + "1,".repeat(999_999) + "256]"),
                        NORM + ": expected a shape of a possible size, found [1,1,1,"),
                of("a shape that does not fit the bytes", copy -> copy.entry(NORM, "shape", "[255]"),
                        NORM + ": expected 510 bytes for BF16 [255], found data_offsets [524288, 524800]"),
                of("offsets in reverse", copy -> copy.entry(NORM, "data_offsets", "[524800, 524288]"),
                        NORM + ": expected 512 bytes for BF16 [256], found data_offsets [524800, 524288]"),
                of("negative offsets", copy -> copy.entry(NORM, "data_offsets", "[-512, 0]"),
                        NORM + ": expected 512 bytes for BF16 [256], found data_offsets [-512, 0]"),
                of("offsets whose difference overflows",
                        copy -> copy.entry(NORM, "data_offsets", "[-9223372036854775808, 9223372036854775807]"),
                        NORM + ": expected 512 bytes"),
                of("offsets beyond 64 bits", copy -> copy.entry(NORM, "data_offsets", "[0, 1e30]"),
                        NORM + ": expected two data_offsets"),
                of("offsets beyond the end", copy -> copy.entry(NORM, "data_offsets", "[10000000, 10000512]"),
                        "expected data from byte "),
                of("one offset only", copy -> copy.entry(NORM, "data_offsets", "[0]"),
                        NORM + ": expected two data_offsets, found [0]"),
                of("tensors that overlap", copy -> copy.entry(NORM, "data_offsets", "[524287, 524799]"),
                        NORM + ": expected data from byte 524288, found from byte 524287 (tensors overlap)"),
                of("tensors on top of each other", copy -> copy.entry(NORM, "data_offsets", "[0, 512]"),
                        "(tensors overlap)"),
                of("a gap between tensors", copy -> copy.header(header -> header.remove(NORM)),
                        "expected data from byte 524288, found from byte 524800 (a gap between tensors)"),
                of("a gap at the start", copy -> copy.header(header -> header.remove(EMBEDDING)),
                        "expected data from byte 0, found from byte 524288 (a gap between tensors)"));
    }

    private static Damage of(String name, Damage.Action action, String message) {
        return new Damage(name, PACKED, action, WEIGHTS, message);
    }
}
