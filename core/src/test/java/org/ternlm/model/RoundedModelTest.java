package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.DenseForm;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// A dense checkpoint whose weights were rounded after training: it runs in the form in which it lies, and its
/// log-probabilities stray from those of the floats the more, the coarser the form.
class RoundedModelTest {
    private static final String DENSE = "golden/llama-bf16-spm";

    @TempDir
    private Path scratch;

    /// Twice the distances that were found: 0.23 and 3.0. Random weights give large logits, which a half of a percent in
    /// each weight moves far.
    @ParameterizedTest
    @CsvSource({"F32, 1e-4", "BF16, 1e-4", "F16, 1e-4", "Q8_0, 0.46", "Q4_0, 6.1"})
    void ggufOfEveryForm(GgufType type, double farthest) throws IOException {
        Path file = GgufConversion.of(Fixtures.model(DENSE), "llama", type, type).write(scratch.resolve("model.gguf"));
        double found = distance(Fixtures.model(DENSE), file, type.name());
        assertThat(found).isLessThan(farthest);
        if (type == GgufType.Q8_0 || type == GgufType.Q4_0) {
            assertThat(found).as("something was rounded").isGreaterThan(1e-4);
        }
    }

    @Test
    void matricesStayAsTheyLieInTheFile() throws IOException {
        Path file = GgufConversion.of(Fixtures.model(DENSE), "llama", GgufType.Q4_0, GgufType.Q8_0)
                .write(scratch.resolve("model.gguf"));
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            Model model = Model.load(file, kernels, arena);
            Weights weights = model.weights();
            assertThat(weights.embedding().form()).isEqualTo(DenseForm.Q8_0);
            assertThat(weights.head()).isInstanceOfSatisfying(DenseLinear.class,
                    head -> assertThat(head.weights().form()).isEqualTo(DenseForm.Q8_0));
            for (Linear linear : List.of(weights.layers().getFirst().query(), weights.layers().getFirst().down())) {
                assertThat(linear.byteSize()).isEqualTo((long) linear.rows() * linear.columns() / 32 * 18);
            }
        }
    }

    @Test
    void folderOfInt8Rows() throws IOException {
        int8(config -> {});
        assertThat(distance(Fixtures.model(DENSE), scratch, "int8 rows")).isBetween(1e-4, 0.4);
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            Linear gate = Model.load(scratch, kernels, arena).weights().layers().getFirst().gate();
            assertThat(gate.byteSize()).isEqualTo(768 * 256 + 4 * 768);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {"format ~ pack-quantized ~ format: expected int-quantized or naive-quantized",
            "config_groups.group_0.weights.num_bits ~ 4 ~ weights.num_bits: expected 8, found 4",
            "config_groups.group_0.weights.strategy ~ group ~ weights.strategy: expected channel, found group",
            "config_groups.group_0.weights.symmetric ~ false ~ weights.symmetric: expected true",
            "config_groups.group_0.input_activations ~ int8 ~ input_activations: expected none",
            "kv_cache_scheme ~ fp8 ~ kv_cache_scheme: expected none"})
    void refusesOtherFormsOfCompressedTensors(String path, String value, String message) throws IOException {
        int8(config -> {
            String[] keys = path.split("\\.", -1);
            ObjectNode node = (ObjectNode) config.path("quantization_config");
            for (int i = 0; i + 1 < keys.length; i++) {
                node = (ObjectNode) node.path(keys[i]);
            }
            node.put(keys[keys.length - 1], value);
        });
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            assertThatThrownBy(() -> Model.load(scratch, kernels, arena)).isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("config.json: quantization_config." + message);
        }
        assertThatThrownBy(() -> MasterWeights.readConfig(scratch)).isInstanceOf(ModelFormatException.class);
    }

    /// Writes the checkpoint with int8 rows into the scratch folder.
    private void int8(Consumer<ObjectNode> change) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ModelFolder folder = ModelFolder.open(Fixtures.model(DENSE), arena);
            List<Tensor> tensors = new ArrayList<>();
            for (Tensor tensor : folder.tensors().values()) {
                if (tensor.name().endsWith("_proj.weight")) {
                    round(tensor, arena, tensors);
                } else {
                    tensors.add(tensor);
                }
            }
            SafetensorsWriter.write(scratch.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
            ObjectNode config = ConfigWriter.json(ConfigReader.read(folder.config(), folder.configPath())
                    .withLinearKind(LinearKind.INT8_ROWS));
            change.accept(config);
            Files.writeString(scratch.resolve("config.json"), config.toString());
        }
    }

    private static void round(Tensor tensor, Arena arena, List<Tensor> target) {
        int rows = (int) tensor.shape().dimension(0);
        int columns = (int) tensor.shape().dimension(1);
        MemorySegment data = arena.allocate((long) rows * columns);
        MemorySegment scales = arena.allocate(4L * rows);
        for (int row = 0; row < rows; row++) {
            float scale = DenseForm.I8.encode(tensor.floats(), row * columns, columns, data.asSlice((long) row
                    * columns, columns));
            scales.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 4L * row, scale);
        }
        target.add(new Tensor(tensor.name(), DType.I8, tensor.shape(), data));
        target.add(new Tensor(tensor.name() + "_scale", DType.F32, new Shape(rows, 1), scales));
    }

    /// The farthest that any log-probability of a prompt's tokens lies from that of the floats.
    private static double distance(Path exact, Path rounded, String name) throws IOException {
        JsonNode cases = new ObjectMapper().readTree(exact.resolve("expected.json").toFile());
        double farthest = 0;
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("vector")) {
            Decoder first = new Decoder(Model.load(exact, kernels, arena), kernels);
            Decoder second = new Decoder(Model.load(rounded, kernels, arena), kernels);
            for (JsonNode one : cases) {
                int[] tokens = new ObjectMapper().convertValue(one.get("input_ids"), int[].class);
                double[] expected = logProbabilities(first, tokens);
                double[] found = logProbabilities(second, tokens);
                for (int i = 0; i < expected.length; i++) {
                    farthest = Math.max(farthest, Math.abs(expected[i] - found[i]));
                }
            }
        }
        System.getLogger("rounded").log(System.Logger.Level.INFO, "%s: farthest %.2e".formatted(name, farthest));
        return farthest;
    }

    private static double[] logProbabilities(Decoder decoder, int[] tokens) {
        double[] found = new double[tokens.length - 1];
        int vocabulary = decoder.config().vocabularySize();
        decoder.forward(List.of(new Decoder.Step(new KvCache(decoder.config()), tokens, 0)),
                (step, at, logits, offset) -> {
                    if (at < found.length) {
                        double sum = 0;
                        for (int i = offset; i < offset + vocabulary; i++) {
                            sum += Math.exp(logits[i]);
                        }
                        found[at] = logits[offset + tokens[at + 1]] - Math.log(sum);
                    }
                });
        return found;
    }
}
