package org.ternlm.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

/// Variations of architectures that no golden checkpoint has: they go through a conversion, or are refused.
class ConvertedVariationsTest {
    @TempDir
    Path scratch;
    private final Arena arena = Arena.ofShared();
    private final Random random = new Random(4);

    @AfterEach
    void close() {
        arena.close();
    }

    /// The folder with another configuration and more tensors.
    private Path variant(String model, Consumer<ObjectNode> change, List<Tensor> more) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("variant"));
        try (Stream<Path> files = Files.list(Fixtures.model(model))) {
            for (Path file : files.filter(file -> !file.endsWith("model.safetensors")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode config = (ObjectNode) mapper.readTree(folder.resolve("config.json").toFile());
        change.accept(config);
        mapper.writeValue(folder.resolve("config.json").toFile(), config);
        List<Tensor> tensors = new ArrayList<>(SafetensorsFile.open(Fixtures.model(model).resolve("model.safetensors"),
                arena).tensors().values());
        tensors.addAll(more);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        return folder;
    }

    private Tensor gains(String name, int size) {
        MemorySegment gains = arena.allocate(ValueLayout.JAVA_FLOAT, size);
        for (int i = 0; i < size; i++) {
            gains.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.5f + random.nextFloat());
        }
        return new Tensor(name, DType.F32, new Shape(size), gains);
    }

    private Path converted(Path in, String name, Target target) throws IOException {
        Path out = scratch.resolve(name);
        new Conversion(in, out, target, false, new Conversion.Listener() {
            @Override
            public void starts(String what, long weights) {}

            @Override
            public void advances(long weights) {}
        }).run();
        return out;
    }

    private static Target gguf(GgufType type) {
        return new Target.Gguf(Optional.of(type), Optional.of(GgufType.F32), Optional.empty());
    }

    private static Target folder(FolderForm form) {
        return new Target.Folder(Optional.of(form), Optional.of(GgufType.F32));
    }

    private static double[] logProbabilities(Path model) {
        try (Tern tern = Tern.open(model, 1)) {
            return tern.scorer().score(new int[] {3, 100, 77, 9, 400, 500, 12, 8, 301, 44}, 1).logProbabilities();
        }
    }

    @Test
    void qwen3ComesBack() throws IOException {
        List<Tensor> norms = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            norms.add(gains("model.layers." + i + ".self_attn.q_norm.weight", 8));
            norms.add(gains("model.layers." + i + ".self_attn.k_norm.weight", 8));
        }
        Path in = variant("stories260K-llama-f32", config -> {
            config.put("model_type", "qwen3").put("head_dim", 8);
            config.putArray("architectures").add("Qwen3ForCausalLM");
        }, norms);
        Path file = converted(in, "qwen3.gguf", gguf(GgufType.F32));
        try (Tern tern = Tern.open(file, 1)) {
            assertThat(tern.config().architecture()).isEqualTo("qwen3");
        }
        assertThat(logProbabilities(file)).isEqualTo(logProbabilities(in));
        assertThat(logProbabilities(converted(file, "back", folder(FolderForm.F32)))).isEqualTo(logProbabilities(in));
    }

    @Test
    void biasesComeBack() throws IOException {
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                boolean narrow = name.startsWith("k") || name.startsWith("v");
                biases.add(gains("model.layers." + i + ".self_attn." + name + ".bias", narrow ? 32 : 64));
            }
        }
        Path in = variant("stories260K-llama-f32", config -> config.put("attention_bias", true), biases);
        Path file = converted(in, "biases.gguf", gguf(GgufType.F32));
        assertThat(logProbabilities(file)).isEqualTo(logProbabilities(in));
        assertThat(logProbabilities(converted(file, "back", folder(FolderForm.F32)))).isEqualTo(logProbabilities(in));
    }

    /// GGUF lists the factors that Llama 3's rule gives; a configuration of a folder has no place for a list.
    @Test
    void llama3sRotaryScalingBecomesAList() throws IOException {
        Path in = variant("stories260K-llama-f32", config -> config.putObject("rope_scaling").put("rope_type", "llama3")
                .put("factor", 8.0).put("low_freq_factor", 1.0).put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", 64), List.of());
        Path file = converted(in, "rope.gguf", gguf(GgufType.F32));
        assertThat(logProbabilities(file)).containsExactly(logProbabilities(in), within(1e-4));
        assertThat(logProbabilities(in)).isNotEqualTo(logProbabilities(Fixtures.model("stories260K-llama-f32")));
        assertThatThrownBy(() -> converted(file, "back", folder(FolderForm.F32)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("config.json has no place for a list of rotary factors");
        assertThat(logProbabilities(converted(in, "folder", folder(FolderForm.F32)))).isEqualTo(logProbabilities(in));
    }

    @Test
    void normsInsideBitLinearStayInPackedFolders() throws IOException {
        List<Tensor> norms = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            for (String name : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
                    "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")) {
                norms.add(gains("model.layers." + i + "." + name + ".rms_norm.weight", name.endsWith("down_proj")
                        ? 768
                        : 256));
            }
        }
        Path in = variant("golden/llama-158-packed-bitlinear", config -> ((ObjectNode) config.get(
                "quantization_config")).put("use_rms_norm", true).put("rms_norm_eps", 1e-6), norms);
        Path out = converted(in, "packed", folder(FolderForm.BITLINEAR));
        assertThat(logProbabilities(out)).containsExactly(logProbabilities(in), within(1e-3));
        assertThatThrownBy(() -> converted(in, "x.gguf", gguf(GgufType.TQ2_0)))
                .isInstanceOf(ModelFormatException.class).hasMessageContaining("norms inside BitLinear");
        assertThatThrownBy(() -> converted(in, "x", folder(FolderForm.F32))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("use_rms_norm: expected no norms inside BitLinear for F32");
    }

    /// A layer that stays dense in a ternary model: in a folder by its name, in GGUF by its type.
    @Test
    void mixedModelsComeBack() throws IOException {
        String name = "model.layers.1.mlp.up_proj";
        MemorySegment numbers = arena.allocate(ValueLayout.JAVA_FLOAT, 768 * 256);
        for (int i = 0; i < 768 * 256; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, (random.nextFloat() - 0.5f) / 10);
        }
        Path in = variant("golden/llama-158-packed-bitlinear", config -> ((ObjectNode) config.get(
                "quantization_config")).putArray("modules_to_not_convert").add(name), List.of());
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : SafetensorsFile.open(in.resolve("model.safetensors"), arena).tensors().values()) {
            if (tensor.name().equals(name + ".weight")) {
                tensors.add(new Tensor(tensor.name(), DType.F32, new Shape(768, 256), numbers));
            } else if (!tensor.name().equals(name + ".weight_scale")) {
                tensors.add(tensor);
            }
        }
        SafetensorsWriter.write(scratch.resolve("mixed"), tensors, Map.of());
        Files.delete(in.resolve("model.safetensors"));
        Files.move(scratch.resolve("mixed"), in.resolve("model.safetensors"));
        Path file = converted(in, "mixed.gguf", gguf(GgufType.TQ1_0));
        assertThat(logProbabilities(file)).containsExactly(logProbabilities(in), within(0.1));
        Path back = converted(file, "back", folder(FolderForm.AUTOBITLINEAR));
        assertThat(logProbabilities(back)).isEqualTo(logProbabilities(file));
    }
}
