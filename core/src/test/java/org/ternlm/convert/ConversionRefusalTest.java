package org.ternlm.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.generate.Tern;
import org.ternlm.model.FolderForm;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// What a format cannot hold is refused in one line, and what was there stays.
class ConversionRefusalTest {
    private static final String PACKED = "golden/bitnet-2b4t-packed";
    private static final String SMALL = "tinystories-ternary-1M";
    private static final String DENSE = "stories260K-llama-f32";

    @TempDir
    Path scratch;

    private static final class Silent implements Conversion.Listener {
        @Override
        public void starts(String what, long weights) {}

        @Override
        public void advances(long weights) {}
    }

    private static void convert(Path in, Path out, Target target, boolean rounds) throws IOException {
        new Conversion(in, out, target, rounds, new Silent()).run();
    }

    private static Target gguf(String type, String architecture) {
        return new Target.Gguf(Optional.of(GgufType.valueOf(type)), Optional.empty(), Optional.ofNullable(architecture)
                .filter(name -> !name.isEmpty()));
    }

    private void assertRefused(Path in, Path out, Target target, String... message) {
        assertThatThrownBy(() -> convert(in, out, target, false)).isInstanceOf(ModelFormatException.class).message()
                .contains(message).doesNotContain("\n").hasSizeLessThan(700);
    }

    /// The folder with another configuration.
    private Path variant(String model, Consumer<ObjectNode> change) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("variant"));
        try (Stream<Path> files = Files.list(Fixtures.model(model))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode config = (ObjectNode) mapper.readTree(folder.resolve("config.json").toFile());
        change.accept(config);
        mapper.writeValue(folder.resolve("config.json").toFile(), config);
        return folder;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            DENSE + "|TQ2_0||expected ternary weights for a ternary type, found real ones (a model must be trained",
            DENSE + "|Q8_0||blk.0.ffn_down.weight: expected rows of a multiple of 32 weights for Q8_0, found 172 (what fits:",
            SMALL + "|Q4_0||expected a type in which -1 and +1 are equally far from 0, found Q4_0 (Q8_0, F16",
            SMALL + "|TQ1_0||blk.0.attn_q.weight: expected rows of a multiple of 256 weights for TQ1_0, found 128 (what",
            SMALL + "|I2_S|bitnet-b1.58|expected one that computes silu, with sub-norms, a tied head: [bitnet], found",
            PACKED + "|I2_S|bitnet|relu2, with sub-norms, a tied head: [bitnet-25, bitnet-b1.58], found bitnet (another",
            PACKED + "|I2_S|llama|[bitnet-25, bitnet-b1.58], found llama",
            "golden/llama-bf16-spm|F32||tokenizer: expected one that GGUF can express, found the token <0x00> is special"})
    void whatGgufCannotHold(String model, String type, String architecture, String message) {
        Path out = scratch.resolve("out.gguf");
        assertRefused(Fixtures.model(model), out, gguf(type, architecture), message);
        assertThat(scratch).isEmptyDirectory();
    }

    static List<Arguments> configurations() {
        return List.of(change(config -> config.put("hidden_act", "relu2").put("model_type", "llama").putNull(
                "quantization_config"), "expected a model that an architecture of GGUF means"),
                change(config -> config.put("rope_theta", 500_000.1), "rope_theta: expected a number that a float"),
                change(config -> config.putArray("eos_token_id").add(2).add(3).add(4).add(5),
                        "eos_token_id: expected at most three tokens for GGUF, found 4"));
    }

    private static Arguments change(Consumer<ObjectNode> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void configurationsThatGgufCannotSay(Consumer<ObjectNode> change, String message) throws IOException {
        assertRefused(variant(SMALL, change), scratch.resolve("out.gguf"), gguf("F32", ""), message);
    }

    @Test
    void severalTokensThatEndATextComeBack() throws IOException {
        Path in = variant(SMALL, config -> config.putArray("eos_token_id").add(2).add(3).add(4));
        Path out = scratch.resolve("out.gguf");
        convert(in, out, gguf("I2_S", ""), false);
        try (Tern tern = Tern.open(out, 1)) {
            assertThat(tern.config().eosIds()).containsExactlyInAnyOrder(2, 3, 4);
            assertThat(tern.tokenizer().eosId()).hasValue(2);
        }
    }

    /// A model damaged in its last layer, so that the failure comes late.
    @ParameterizedTest
    @CsvSource({"out.gguf", "out"})
    void aFailureLeavesTheOld(String name) throws IOException {
        Path in = variant(SMALL, _ -> {});
        try (RandomAccessFile file = new RandomAccessFile(in.resolve("model.safetensors").toFile(), "rw")) {
            file.seek(offset(in.resolve("model.safetensors"), "model.layers.7.mlp.down_proj.weight"));
            file.write(0xff);
        }
        Path out = scratch.resolve(name);
        Target target = name.endsWith(".gguf")
                ? gguf("I2_S", "")
                : new Target.Folder(Optional.empty(), Optional.empty());
        convert(Fixtures.model(SMALL), out, target, false);
        Map<String, Long> before = sizes(scratch);
        assertRefused(in, out, target, "model.layers.7.mlp.down_proj.weight: expected ternary codes");
        assertThat(sizes(scratch)).isEqualTo(before);
        try (Tern tern = Tern.open(out, 1)) {
            assertThat(tern.config().layers()).isEqualTo(8);
        }
    }

    private static long offset(Path file, String tensor) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        long header = MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(bytes, 8, (int) header);
        return 8 + header + json.get(tensor).get("data_offsets").get(0).asLong();
    }

    private static Map<String, Long> sizes(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> sizes.put(file.toString(), file.toFile().length()));
        }
        return sizes;
    }

    /// The packed layers of a folder with a scale for each row.
    private Path rowScales() throws IOException {
        Path folder = variant(PACKED, _ -> {});
        Path file = folder.resolve("model.safetensors");
        try (Arena arena = Arena.ofShared()) {
            List<Tensor> tensors = new ArrayList<>();
            for (Tensor tensor : SafetensorsFile.open(file, arena).tensors().values()) {
                boolean scale = tensor.name().endsWith("_scale");
                tensors.add(scale ? rows(tensor, arena) : tensor);
            }
            SafetensorsWriter.write(scratch.resolve("rows.safetensors"), tensors, Map.of());
        }
        Files.move(scratch.resolve("rows.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }

    private static Tensor rows(Tensor scale, Arena arena) {
        int rows = scale.name().contains("k_proj") || scale.name().contains("v_proj")
                ? 64
                : scale.name().contains("gate") || scale.name().contains("up_proj") ? 512 : 256;
        MemorySegment scales = arena.allocate(ValueLayout.JAVA_FLOAT, rows);
        for (int row = 0; row < rows; row++) {
            // Halves, so that no layout rounds them.
            scales.setAtIndex(ValueLayout.JAVA_FLOAT, row, Float.float16ToFloat(Float.floatToFloat16(scale.floatAt(0)
                    * (1 + row % 7 / 8f))));
        }
        return new Tensor(scale.name(), DType.F32, new Shape(rows), scales);
    }

    @Test
    void scalesOfRowsGoWhereThereIsAPlaceForThem() throws IOException {
        Path in = rowScales();
        assertRefused(in, scratch.resolve("out.gguf"), gguf("I2_S", ""),
                "blk.0.attn_q.weight: expected weights that the type can hold, found I2_S: holds one weight scale");
        Path file = scratch.resolve("rows.gguf");
        Target exact = new Target.Gguf(Optional.of(GgufType.TQ1_0), Optional.of(GgufType.F32), Optional.empty());
        convert(in, file, exact, false);
        Path back = scratch.resolve("back");
        convert(file, back, new Target.Folder(Optional.empty(), Optional.empty()), false);
        assertThat(logProbabilities(file)).isEqualTo(logProbabilities(in));
        assertThat(logProbabilities(back)).isEqualTo(logProbabilities(in));
    }

    private static double[] logProbabilities(Path model) {
        try (Tern tern = Tern.open(model, 1)) {
            return tern.scorer().score(new int[] {3, 100, 77, 9, 400, 500, 12, 8}, 1).logProbabilities();
        }
    }

    /// Rounding is done where it is asked for: the codes are absmean's.
    @Test
    void denseModelsAreRoundedOnlyOnDemand() throws IOException {
        Path out = scratch.resolve("rounded");
        convert(Fixtures.model(DENSE), out, new Target.Folder(Optional.of(FolderForm.AUTOBITLINEAR),
                Optional.empty()), true);
        try (Tern tern = Tern.open(out, 1)) {
            assertThat(tern.config().linearKind().isTernary()).isTrue();
        }
        assertThatThrownBy(() -> convert(Fixtures.model(SMALL), out, gguf("I2_S", ""), true))
                .isInstanceOf(ModelFormatException.class).hasMessageContaining("expected real weights, to be rounded");
    }
}
