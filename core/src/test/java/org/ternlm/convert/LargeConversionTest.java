package org.ternlm.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.Fixtures;
import org.ternlm.format.TensorContent;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;

/// Random weights in the shape of BitNet 2B4T go through a conversion in a JVM of one gigabyte, or in a small one.
class LargeConversionTest {
    private static final String CONFIG = """
            {"architectures": ["BitNetForCausalLM"], "model_type": "bitnet", "hidden_act": "relu2",
             "hidden_size": 2560, "intermediate_size": 6912, "num_hidden_layers": %d, "num_attention_heads": 20,
             "num_key_value_heads": 5, "vocab_size": %d, "max_position_embeddings": 4096, "rms_norm_eps": 1e-5,
             "rope_theta": 500000.0, "tie_word_embeddings": true, "bos_token_id": 1020, "eos_token_id": 1021,
             "quantization_config": {"quant_method": "bitnet", "linear_class": "autobitlinear",
             "quantization_mode": "offline"}}
            """;
    private static final int HIDDEN = 2560;
    private static final int INNER = 6912;
    private static final int KEYS = 640;

    @TempDir
    Path scratch;

    private final Random random = new Random(12);
    private final List<SafetensorsWriter.Entry> entries = new ArrayList<>();

    /// A heap that holds the largest matrix a few times, and by far not the model.
    @ParameterizedTest
    @CsvSource({"TQ1_0", "I2_S"})
    void memoryDoesNotDependOnTheNumberOfLayers(String type) throws Exception {
        convert(model(3, 8_000), type, "-Xmx160m");
    }

    @ParameterizedTest
    @Tag("soak")
    @CsvSource({"I2_S", "TQ1_0", "TQ2_0"})
    void aModelOf2B4TsSizeFitsAGigabyte(String type) throws Exception {
        convert(model(30, 128_256), type, "-Xmx1g");
    }

    private void convert(Path in, String type, String heap) throws Exception {
        Path log = scratch.resolve("log.txt");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap,
                "-cp", System.getProperty("java.class.path"), LargeConversionTest.class.getName(), in.toString(),
                scratch
                        .resolve("out.gguf").toString(),
                type).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        int exitCode = process.waitFor();
        String output = Files.readString(log);
        assertThat(exitCode).as(output).isZero();
        assertThat(output).contains("weights are the same");
        System.getLogger(LargeConversionTest.class.getName()).log(System.Logger.Level.INFO, output.strip());
    }

    private Path model(int layers, int vocabulary) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("in"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Fixtures.model("golden/bitnet-2b4t-packed").resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("config.json"), CONFIG.formatted(layers, vocabulary));
        // Numbers of which no bfloat16 is infinite or too large for a half.
        add("model.embed_tokens.weight", DType.BF16, new Shape(vocabulary, HIDDEN), 2, new int[] {0x3c, 0xbd});
        norm("model.norm.weight", HIDDEN);
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            norm(layer + "input_layernorm.weight", HIDDEN);
            norm(layer + "post_attention_layernorm.weight", HIDDEN);
            norm(layer + "self_attn.attn_sub_norm.weight", HIDDEN);
            norm(layer + "mlp.ffn_sub_norm.weight", INNER);
            packed(layer + "self_attn.q_proj", HIDDEN, HIDDEN);
            packed(layer + "self_attn.k_proj", KEYS, HIDDEN);
            packed(layer + "self_attn.v_proj", KEYS, HIDDEN);
            packed(layer + "self_attn.o_proj", HIDDEN, HIDDEN);
            packed(layer + "mlp.gate_proj", INNER, HIDDEN);
            packed(layer + "mlp.up_proj", INNER, HIDDEN);
            packed(layer + "mlp.down_proj", HIDDEN, INNER);
        }
        SafetensorsWriter.writeEntries(folder.resolve("model.safetensors"), entries, Map.of());
        return folder;
    }

    private void norm(String name, int size) {
        add(name, DType.BF16, new Shape(size), 2, new int[] {0x3f});
    }

    private void packed(String name, int rows, int columns) {
        int[] codes = new int[81];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = i % 3 | i / 3 % 3 << 2 | i / 9 % 3 << 4 | i / 27 << 6;
        }
        add(name + ".weight", DType.U8, new Shape(rows / 4, columns), 1, codes);
        add(name + ".weight_scale", DType.BF16, new Shape(1), 2, new int[] {0x3d});
    }

    /// Elements of `width` bytes: the last is one of `last`, the others are random.
    private void add(String name, DType type, Shape shape, int width, int[] last) {
        TensorContent content = sink -> {
            byte[] row = new byte[(int) (width * shape.dimension(shape.rank() - 1))];
            for (long i = 0; i < shape.elements() * width; i += row.length) {
                random.nextBytes(row);
                for (int at = width - 1; at < row.length; at += width) {
                    row[at] = (byte) last[Byte.toUnsignedInt(row[at]) % last.length];
                }
                sink.accept(MemorySegment.ofArray(row));
            }
        };
        entries.add(new SafetensorsWriter.Entry(name, type, shape, content));
    }

    /// Converts in a JVM of its own, and says how fast.
    public static void main(String[] args) throws IOException {
        long start = System.nanoTime();
        Conversion.Result result = new Conversion(Path.of(args[0]), Path.of(args[1]), new Target.Gguf(Optional.of(
                GgufType.valueOf(args[2])), Optional.empty(), Optional.empty()), false, new Conversion.Listener() {
                    @Override
                    public void starts(String what, long weights) {}

                    @Override
                    public void advances(long weights) {}
                }).run();
        double seconds = (System.nanoTime() - start) / 1e9;
        long weights = result.agreement().codes() + result.agreement().numbers();
        String line = "%s: %,d bytes, %,d weights are the same, %.1f s, %.0f million weights a second, written and "
                + "compared%n";
        System.out.write(line.formatted(args[2], result.bytes(), result.agreement().codes(), seconds, weights / seconds
                / 1e6).getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }
}
