package org.ternlm.it.damage;

import static org.ternlm.it.damage.Damage.CONFIG;
import static org.ternlm.it.damage.Damage.DENSE;
import static org.ternlm.it.damage.Damage.PACKED;
import static org.ternlm.it.damage.Damage.TOKENIZER;
import static org.ternlm.it.damage.Damage.WEIGHTS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Files that are missing, cut, of the wrong kind, or wrongly put together.
final class FileDamage {
    private static final String INDEX = "model.safetensors.index.json";

    private FileDamage() {}

    static List<Damage> all() {
        return List.of(
                new Damage("no folder", PACKED, copy -> deleteAll(copy.folder()), "",
                        "model folder"),
                new Damage("the folder is a file", PACKED, copy -> {
                    deleteAll(copy.folder());
                    Files.writeString(copy.folder(), "weights");
                }, "a file", "model folder"),
                of("no configuration", CONFIG, copy -> copy.delete(CONFIG),
                        "expected a JSON file, found nothing there"),
                of("the configuration is a folder", CONFIG, copy -> copy.makeFolder(CONFIG),
                        "expected a JSON file, found a folder"),
                of("the configuration is empty", CONFIG, copy -> copy.cut(CONFIG, 0),
                        "expected a JSON object, found nothing"),
                of("the configuration is cut", CONFIG, copy -> copy.cut(CONFIG, 200), "expected a JSON object, found "),
                of("the configuration is no JSON", CONFIG,
                        copy -> copy.write(CONFIG, "model_type = bitnet\n\u001b[31m"),
                        "expected a JSON object, found Unrecognized token 'model_type'"),
                of("the configuration is a list", CONFIG, copy -> copy.write(CONFIG, "[{}]"),
                        "expected a JSON object, found an array"),
                of("the configuration says a thing twice", CONFIG,
                        copy -> copy.replace(CONFIG, "'hidden_size'", "'hidden_size': 128, 'hidden_size'"),
                        "expected a JSON object, found Duplicate"),
                of("the configuration is a thousand lists deep", CONFIG,
                        copy -> copy.write(CONFIG, "{'a': " + "[".repeat(1_000) + "]".repeat(1_000) + "}"),
                        "nesting depth"),
                of("the configuration is no UTF-8", CONFIG,
                        copy -> Files.write(copy.file(CONFIG),
                                new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '(', '"', '}'}),
                        "expected a JSON object, found Invalid UTF-8"),
                of("something follows the configuration", CONFIG, copy -> copy.append(CONFIG, (byte) '{', (byte) '}'),
                        "expected a JSON object, found Trailing token"),
                of("the configuration has five million bytes", CONFIG,
                        copy -> Files.writeString(copy.file(CONFIG), " ".repeat(5_000_000)),
                        "expected at most 4000000 bytes of JSON, found 5000000"),
                of("no weights", WEIGHTS, copy -> copy.delete(WEIGHTS), "expected a file, found nothing there"),
                of("the weights are a folder", WEIGHTS, copy -> copy.makeFolder(WEIGHTS),
                        "expected a file, found a folder"),
                of("the weights are empty", WEIGHTS, copy -> copy.cut(WEIGHTS, 0),
                        "expected a safetensors file, found 0 bytes"),
                of("the weights are cut in the header's length", WEIGHTS, copy -> copy.cut(WEIGHTS, 5),
                        "expected a safetensors file, found 5 bytes"),
                of("the weights are cut in the header", WEIGHTS, copy -> copy.cut(WEIGHTS, 3_000),
                        "header length: expected 2 to 2992, found 5856 (cut short, or not a safetensors file)"),
                of("the weights are cut behind the header", WEIGHTS, copy -> copy.cut(WEIGHTS, 8 + 5_856),
                        "found 0 (the file is cut short"),
                of("the weights are cut in the middle", WEIGHTS, copy -> copy.cut(WEIGHTS, 500_000),
                        "expected 950314 bytes of tensors, found 494136 (the file is cut short"),
                of("the weights miss their last byte", WEIGHTS, copy -> copy.cut(WEIGHTS, -1),
                        "expected 950314 bytes of tensors, found 950313 (the file is cut short"),
                of("a byte follows the weights", WEIGHTS, copy -> copy.append(WEIGHTS, (byte) 0),
                        "expected 950314 bytes of tensors, found 950315 (bytes after the last tensor)"),
                of("the weights are a picture", WEIGHTS,
                        copy -> Files.write(copy.file(WEIGHTS), "\u0089PNG\r\n\u001a\n more".getBytes("ISO-8859-1")),
                        "header length: expected 2 to "),
                of("no tokenizer", TOKENIZER, copy -> copy.delete(TOKENIZER),
                        "expected a tokenizer, found no such file"),
                of("the tokenizer is a folder", TOKENIZER, copy -> copy.makeFolder(TOKENIZER), "expected a tokenizer"),
                sharded("the index names a missing file", "two.safetensors",
                        index -> map(index).put("model.norm.weight", "two.safetensors"),
                        "expected a file, found nothing there"),
                sharded("the index names a file outside the folder", INDEX,
                        index -> map(index).put("model.norm.weight", "../one.safetensors"),
                        "weight_map: expected files beside it, found ../one.safetensors"),
                sharded("the index names an absolute path", INDEX,
                        index -> map(index).put("model.norm.weight", "/etc/hostname"), "expected files beside it"),
                sharded("the index places a tensor where it is not", "one.safetensors",
                        index -> map(index).put("model.extra", "one.safetensors"),
                        "model.extra: expected the tensor that " + INDEX + " places here, found none"),
                sharded("the index forgets a tensor", INDEX, index -> map(index).remove("model.norm.weight"),
                        "model.norm.weight: expected a tensor, found none"),
                sharded("the index maps to a number", INDEX, index -> map(index).put("model.norm.weight", 7),
                        "weight_map.model.norm.weight: expected a file's name, found 7"),
                sharded("the index has no map", INDEX, index -> index.remove("weight_map"),
                        "weight_map: expected an object, found nothing"));
    }

    private static Damage of(String name, String file, Damage.Action action, String message) {
        return new Damage(name, PACKED, action, file, message);
    }

    private static Damage sharded(String name, String file, Consumer<ObjectNode> change, String message) {
        return new Damage(name, DENSE, copy -> copy.shard(change), file, message);
    }

    private static ObjectNode map(ObjectNode index) {
        return (ObjectNode) index.get("weight_map");
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
