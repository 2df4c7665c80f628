package org.ternlm.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.model.ModelConfig;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.WeightBlock;

/// Reads a checkpoint and believes nothing: files, names, shapes, and that all numbers are finite. What is damaged is one
/// [ModelFormatException] that says how to go on without that checkpoint.
record CheckpointReader(Checkpoint checkpoint) {
    private static final long LARGEST_STATE = 1_000_000;

    ObjectNode state() {
        ObjectNode state = whole(() -> JsonFile.read(file(Checkpoint.STATE), LARGEST_STATE));
        if (!state.path("step").isIntegralNumber() || state.path("step").asLong() != checkpoint.step()) {
            throw problem(Checkpoint.STATE).at("step").expected(String.valueOf(checkpoint.step()))
                    .found(state.path("step")).hint(remedy()).problem();
        }
        for (String key : List.of("best_step", "lowest_loss")) {
            if (!state.path(key).isNumber()) {
                throw problem(Checkpoint.STATE).at(key).expected("a number").found(state.path(key)).hint(remedy())
                        .problem();
            }
        }
        return state;
    }

    Parameters parameters(ModelConfig config) {
        for (String name : List.of(Checkpoint.CONFIG, Checkpoint.WEIGHTS, Checkpoint.OPTIMIZER, Checkpoint.STATE)) {
            if (!Files.isRegularFile(file(name))) {
                throw problem(name).expected("a file").found("nothing there").hint(remedy()).problem();
            }
        }
        return Parameters.of(config, read(Checkpoint.WEIGHTS, WeightBlock.shapes(config)));
    }

    void restore(AdamW optimizer) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        optimizer.firstMoments().forEach((name, tensor) -> shapes.put("first." + name, shape(tensor)));
        optimizer.secondMoments().forEach((name, tensor) -> shapes.put("second." + name, shape(tensor)));
        Map<String, float[]> values = read(Checkpoint.OPTIMIZER, shapes);
        optimizer.restore(checkpoint.step(), without("first.", values), without("second.", values));
    }

    private static long[] shape(org.bytedeco.pytorch.Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    private static Map<String, float[]> without(String prefix, Map<String, float[]> values) {
        Map<String, float[]> chosen = new LinkedHashMap<>();
        values.forEach((name, numbers) -> {
            if (name.startsWith(prefix)) {
                chosen.put(name.substring(prefix.length()), numbers);
            }
        });
        return chosen;
    }

    /// Exactly the tensors that `shapes` names.
    private Map<String, float[]> read(String name, Map<String, long[]> shapes) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> tensors = whole(() -> SafetensorsFile.open(file(name), arena).tensors());
            shapes.forEach((key, shape) -> {
                String expected = "shape " + new Shape(shape);
                Tensor tensor = tensors.get(key);
                if (tensor == null || !expected.equals("shape " + tensor.shape())) {
                    throw other(name, key, expected, tensor == null ? "no such tensor" : tensor.shape());
                }
                values.put(key, finite(name, key, tensor.floats()));
            });
            tensors.keySet().stream().filter(key -> !shapes.containsKey(key)).findFirst().ifPresent(key -> {
                throw other(name, key, "no such tensor", "one");
            });
        }
        return values;
    }

    private float[] finite(String name, String key, float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw problem(name).at(key).expected("finite numbers").found(numbers[i] + " in place " + i)
                        .hint(remedy()).problem();
            }
        }
        return numbers;
    }

    private ModelFormatException other(String name, String key, String expected, Object found) {
        return problem(name).at(key).expected(expected).found(found)
                .hint("the configuration has changed since; if it has not, the file is damaged: " + remedy())
                .problem();
    }

    private <T> T whole(Supplier<T> read) {
        try {
            return read.get();
        } catch (ModelFormatException e) {
            throw ModelFormatException.in(checkpoint.folder()).expected("a whole checkpoint")
                    .found(String.valueOf(e.getMessage()).replace(checkpoint.folder().toString(), "")
                            .replaceFirst("^[/\\\\]", ""))
                    .hint(remedy()).cause(e).problem();
        }
    }

    private Path file(String name) {
        return checkpoint.folder().resolve(name);
    }

    private ModelFormatException.Problem problem(String name) {
        return ModelFormatException.in(file(name));
    }

    /// What the user can do.
    private String remedy() {
        List<Checkpoint> all;
        try {
            all = Checkpoint.list(checkpoint.folder().resolveSibling(""));
        } catch (IOException e) {
            return "bring the file back from a copy";
        }
        String before = all.stream().filter(one -> one.step() < checkpoint.step()).reduce((_, last) -> last)
                .map(one -> "goes on from " + one.folder().getFileName()).orElse("begins anew");
        return "delete the folder %s, and --resume %s".formatted(checkpoint.folder().getFileName(), before);
    }
}
