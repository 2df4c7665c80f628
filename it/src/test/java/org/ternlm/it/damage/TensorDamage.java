package org.ternlm.it.damage;

import static org.ternlm.it.damage.Damage.DENSE;
import static org.ternlm.it.damage.Damage.MASTER;
import static org.ternlm.it.damage.Damage.PACKED;
import static org.ternlm.it.damage.Damage.UNTIED;
import static org.ternlm.it.damage.Damage.WEIGHTS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/// Tensors that are not those of the model, and values that are no weights.
final class TensorDamage {
    private static final String LAYER = "model.layers.1.";
    private static final String NORM = LAYER + "input_layernorm.weight";
    private static final String QUERY = LAYER + "self_attn.q_proj.weight";
    private static final String SCALE = LAYER + "self_attn.q_proj.weight_scale";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final short NAN = 0x7FC0;
    private static final short INFINITY = 0x7F80;

    private TensorDamage() {}

    static List<Damage> all() {
        return List.of(
                of("a missing norm", PACKED, copy -> rename(copy, NORM, NORM + ".old"),
                        NORM + ": expected a tensor, found none"),
                of("a missing scale", PACKED, copy -> rename(copy, SCALE, LAYER + "self_attn.q_proj.scale"),
                        SCALE + ": expected a tensor, found none"),
                of("a missing head", UNTIED, copy -> rename(copy, "lm_head.weight", "head.weight"),
                        "lm_head.weight: expected a tensor, found none"),
                of("norms of queries, which the architecture does not have", PACKED, copy -> {
                    copy.header(header -> {
                        ObjectNode entry = header.putObject(LAYER + "self_attn.q_norm.weight");
                        entry.put("dtype", "BF16");
                        entry.putArray("shape").add(32);
                        entry.putArray("data_offsets").add(950_314).add(950_378);
                    });
                    copy.append(WEIGHTS, new byte[64]);
                }, LAYER + "self_attn.q_norm.weight: expected no such tensor in this architecture, found BF16 [32]"),
                of("an embedding of another shape", PACKED, copy -> copy.entry(EMBEDDING, "shape", "[512, 512]"),
                        EMBEDDING + ": expected shape [1024, 256], found [512, 512]"),
                of("an embedding turned on its side", DENSE, copy -> copy.entry(EMBEDDING, "shape", "[256, 900]"),
                        EMBEDDING + ": expected shape [900, 256], found [256, 900]"),
                of("an embedding of integers", PACKED, copy -> copy.entry(EMBEDDING, "dtype", "'I16'"),
                        EMBEDDING + ": expected F32, BF16 or F16, found I16"),
                of("a norm of double precision", PACKED, copy -> {
                    copy.entry(NORM, "dtype", "'F64'");
                    copy.entry(NORM, "shape", "[64]");
                }, NORM + ": expected shape [256], found [64]"),
                of("packed weights of signed bytes", PACKED, copy -> copy.entry(QUERY, "dtype", "'I8'"),
                        QUERY + ": expected U8 [64, 256] (four rows a byte), found I8 [64, 256]"),
                of("packed weights with rows and columns swapped", PACKED,
                        copy -> copy.entry(QUERY, "shape", "[256, 64]"),
                        QUERY + ": expected U8 [64, 256] (four rows a byte), found U8 [256, 64]"),
                of("packed weights where the configuration says master weights", PACKED,
                        copy -> copy.replace("config.json", "offline", "online"), ": expected shape ["),
                of("master weights where the configuration says packed ones", MASTER,
                        copy -> copy.replace("config.json", "online", "offline"), ": expected a tensor, found none"),
                of("code 3 in packed weights", PACKED, copy -> copy.data(QUERY, bytes -> bytes.put(300, (byte) 0x30)),
                        QUERY + ": expected ternary codes, found HF_U8: code 3 at row 129, column 44"),
                of("a scale of NaN", PACKED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, NAN)),
                        SCALE + ": expected a positive number, found NaN"),
                of("an infinite scale", PACKED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, INFINITY)),
                        SCALE + ": expected a positive number, found Infinity"),
                of("a scale of zero", PACKED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, (short) 0)),
                        SCALE + ": expected a positive number, found 0.0"),
                of("a negative scale", PACKED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, (short) 0xBF80)),
                        SCALE + ": expected a positive number, found -1.0"),
                of("a divisor of zero", UNTIED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, (short) 0)),
                        SCALE + ": expected a positive number, found 0.0"),
                of("a divisor of infinity", UNTIED, copy -> copy.data(SCALE, bytes -> bytes.putShort(0, INFINITY)),
                        SCALE + ": expected a positive number, found Infinity"),
                of("a scale that is two bytes", PACKED, copy -> {
                    copy.entry(SCALE, "dtype", "'U8'");
                    copy.entry(SCALE, "shape", "[2]");
                }, SCALE + ": expected one floating-point number, or one for each of the 256 rows, found U8 [2]"),
                of("NaN in a norm", PACKED, copy -> copy.data(NORM, bytes -> bytes.putShort(2 * 17, NAN)),
                        NORM + "[17]: expected a finite number, found NaN"),
                of("infinity in the last norm", DENSE,
                        copy -> copy.data("model.norm.weight", bytes -> bytes.putShort(0, INFINITY)),
                        "model.norm.weight[0]: expected a finite number, found Infinity"),
                of("NaN in master weights", MASTER, copy -> copy.data(QUERY, bytes -> bytes.putShort(2 * 1000, NAN)),
                        QUERY + ": expected finite weights, found weight 1000 is NaN"),
                of("infinity in master weights", MASTER,
                        copy -> copy.data(QUERY, bytes -> bytes.putShort(2 * 999, INFINITY)),
                        QUERY + ": expected finite weights, found weight 999 is Infinity"),
                logits("NaN in the embedding", PACKED, EMBEDDING, NAN),
                logits("infinity in the head", UNTIED, "lm_head.weight", INFINITY),
                logits("NaN in dense weights", DENSE, LAYER + "mlp.down_proj.weight", NAN));
    }

    private static Damage of(String name, String base, Damage.Action action, String message) {
        return new Damage(name, base, action, WEIGHTS, message);
    }

    /// Large matrices are not searched when they are loaded: what is wrong with them shows in the logits.
    private static Damage logits(String name, String base, String tensor, short value) {
        return new Damage(name, base, copy -> copy.data(tensor, bytes -> bytes.putShort(2 * 300, value)), "",
                "logits: expected finite numbers, found NaN or infinity (the weights are damaged)");
    }

    private static void rename(ModelCopy copy, String from, String to) throws IOException {
        copy.header(header -> header.set(to, header.remove(from)));
    }
}
