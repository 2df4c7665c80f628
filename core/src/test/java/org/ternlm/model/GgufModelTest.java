package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Models as GGUF against the Hugging Face folders they were made of: the same weights give the same logits, to the bit.
class GgufModelTest {
    private static final int[] TOKENS = {1, 403, 407, 261, 378, 7, 99, 500, 12, 12, 300};
    private static final String PACKED = "golden/bitnet-2b4t-packed";
    private static final String DENSE = "golden/llama-bf16-spm";

    @TempDir
    Path scratch;
    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = GoldenLogitsTest.kernels("scalar");

    @AfterEach
    void close() {
        kernels.close();
        arena.close();
    }

    private List<float[]> logits(Path path) {
        Model model = Model.load(path, kernels, arena);
        List<float[]> logits = new ArrayList<>();
        int vocabulary = model.config().vocabularySize();
        new Decoder(model, kernels).forward(List.of(new Decoder.Step(new KvCache(model.config()), TOKENS, 0)),
                (_, _, values, offset) -> logits.add(Arrays.copyOfRange(values, offset, offset + vocabulary)));
        return logits;
    }

    private Path write(GgufBuilder file) throws IOException {
        return file.write(scratch.resolve("model.gguf"));
    }

    @ParameterizedTest
    @CsvSource({"golden/bitnet-2b4t-packed, bitnet-b1.58, I2_S, F32",
            "golden/bitnet-2b4t-packed, bitnet-25, I2_S, BF16",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, TQ1_0, BF16",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, TQ2_0, F32",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, Q2_0, F32",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, IQ1_BN, F32",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, IQ2_BN, F32", "golden/bitnet-2b4t-packed, bitnet-b1.58, F16, F32",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, F32, F32", "golden/bitnet-2b4t-bf16-master, bitnet-25, I2_S, F32",
            "tinystories-ternary-1M, bitnet, I2_S, F32", "tinystories-ternary-1M, bitnet, IQ2_BN, F32",
            "golden/llama-158-packed-bitlinear, llama, I2_S, F32",
            "golden/llama-158-packed-bitlinear, llama, IQ2_BN, BF16",
            "golden/bitnet-2b4t-packed, bitnet-b1.58, IQ2_BN_R4, F32",
            "golden/llama-158-packed-bitlinear, llama, IQ2_BN_R4, F32",
            "golden/llama-bf16-spm, llama, BF16, BF16", "golden/llama-bf16-spm, llama, F32, F32",
            "stories260K-llama-f32, llama, F32, F32"})
    void logitsAreThoseOfTheFolder(String folder, String architecture, GgufType linears, GgufType numbers)
            throws IOException {
        Path path = Fixtures.model(folder);
        Path file = write(GgufConversion.of(path, architecture, linears, numbers));
        assertThat(logits(file)).usingRecursiveComparison().isEqualTo(logits(path));
    }

    @Test
    void configurationIsThatOfTheFolder() throws IOException {
        ModelConfig folder = Model.load(Fixtures.model(PACKED), kernels, arena).config();
        ModelConfig file = Model.load(write(GgufConversion.of(Fixtures.model(PACKED), "bitnet-b1.58", GgufType.I2_S,
                GgufType.F32)), kernels, arena).config();
        assertThat(file).usingRecursiveComparison().ignoringFields("architecture", "normEpsilon").isEqualTo(folder);
        assertThat(file.architecture()).isEqualTo("bitnet-b1.58");
        assertThat(file.normEpsilon()).isEqualTo(folder.normEpsilon());
    }

    /// Blocks of numbers are decoded: the result is near that of the numbers that went in.
    @Test
    void readsBlocksOfNumbers() throws IOException {
        Path path = Fixtures.model(DENSE);
        GgufBuilder dense = GgufConversion.of(path, "llama", GgufType.F32, GgufType.F32);
        float[] embedding = Model.load(path, kernels, arena).weights().embedding().floats();
        byte[] q8 = q8(embedding);
        Path file = write(dense.replace("token_embd.weight", GgufType.Q8_0, q8));
        float[] decoded = Model.load(file, kernels, arena).weights().embedding().floats();
        for (int i = 0; i < decoded.length; i++) {
            assertThat(decoded[i]).isCloseTo(embedding[i], within(2e-2f));
        }
        assertThat(logits(file)).isNotEqualTo(logits(path));
    }

    private static byte[] q8(float[] numbers) {
        ByteBuffer blocks = GgufBuilder.bytes(numbers.length / 32 * 34);
        for (int block = 0; block < numbers.length; block += 32) {
            float largest = 0;
            for (int i = block; i < block + 32; i++) {
                largest = Math.max(largest, Math.abs(numbers[i]));
            }
            short scale = Float.floatToFloat16(largest / 127);
            blocks.putShort(scale);
            for (int i = block; i < block + 32; i++) {
                blocks.put((byte) Math.round(numbers[i] / Float.float16ToFloat(scale)));
            }
        }
        return blocks.array();
    }

    /// A matrix of 256 rows in TQ2_0, each block with a scale of its own: block `i` has the half `0x2800 + i`.
    private static byte[] groups(int columns) {
        byte[] packed = new byte[256 * columns / 256 * 66];
        new Random(3).nextBytes(packed);
        for (int i = 0; i < packed.length; i++) {
            int block = i / 66;
            packed[i] = switch (i % 66) {
                case 64 -> (byte) block;
                case 65 -> (byte) (0x28 + (block >> 8));
                default -> (byte) (packed[i] & 0x55);
            };
        }
        return packed;
    }

    /// Scales of groups are no ternary matrix: in a LLaMA they are numbers like any other, in a BitNet they are refused.
    @Test
    void scalesOfGroupsAreNumbers() throws IOException {
        GgufBuilder llama = GgufConversion.of(Fixtures.model(DENSE), "llama", GgufType.BF16, GgufType.F32)
                .replace("blk.0.attn_output.weight", GgufType.TQ2_0, groups(256))
                .replace("blk.0.ffn_down.weight", GgufType.TQ2_0, groups(768));
        Weights.Layer layer = Model.load(write(llama), kernels, arena).weights().layers().getFirst();
        assertThat(layer.output()).isInstanceOfSatisfying(BitLinear.class, ternary -> assertThat(ternary.weightScales())
                .hasSize(256).startsWith(Float.float16ToFloat((short) 0x2800), Float.float16ToFloat((short) 0x2801)));
        assertThat(layer.down()).isInstanceOfSatisfying(DenseLinear.class, dense -> {
            float[] numbers = dense.weights().floats();
            for (int i = 0; i < numbers.length; i++) {
                assertThat(Math.abs(numbers[i])).isIn(0f, Float.float16ToFloat((short) (0x2800 + i / 256)));
            }
        });
        GgufBuilder bitnet = GgufConversion.of(Fixtures.model(PACKED), "bitnet-b1.58", GgufType.I2_S, GgufType.F32)
                .replace("blk.0.ffn_down.weight", GgufType.TQ2_0, groups(512));
        assertRefused(bitnet, "blk.0.ffn_down.weight: expected ternary weights in this architecture",
                "scales that differ within a row");
    }

    /// However many matrices are slow: one line.
    @Test
    void theReaderIsToldOfScalesOfGroups() throws IOException {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                warnings.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("org.ternlm.model");
        log.addHandler(handler);
        try {
            Model.load(write(GgufConversion.of(Fixtures.model(DENSE), "llama", GgufType.BF16, GgufType.F32)
                    .replace("blk.0.ffn_down.weight", GgufType.TQ2_0, groups(768))
                    .replace("blk.1.ffn_down.weight", GgufType.TQ2_0, groups(768))), kernels, arena);
        } finally {
            log.removeHandler(handler);
        }
        assertThat(warnings).singleElement().asString()
                .contains("model.gguf: weights in TQ2_0 with scales of groups", "run as floats");
    }

    /// ik_llama.cpp gives a row of zeros the scale 0 and the code of -1.
    @Test
    void aRowWithoutAScaleIsZeros() throws IOException {
        LinearWeights.Ternary up = (LinearWeights.Ternary) ModelSource.open(Fixtures.model(PACKED), kernels.workers(),
                arena).linear(1, LinearRole.UP, arena);
        TernaryMatrix matrix = up.matrix();
        byte[] zeros = matrix.trits().clone();
        byte[] minus = matrix.trits().clone();
        float[] scales = new float[matrix.rows()];
        Arrays.fill(scales, matrix.weightScale(0));
        Arrays.fill(zeros, 3 * matrix.columns(), 4 * matrix.columns(), (byte) 0);
        Arrays.fill(minus, 3 * matrix.columns(), 4 * matrix.columns(), (byte) -1);
        List<float[]> expected = withUp(new TernaryMatrix(matrix.rows(), matrix.columns(), zeros, scales.clone()));
        scales[3] = 0;
        List<float[]> found = withUp(new TernaryMatrix(matrix.rows(), matrix.columns(), minus, scales));
        assertThat(found).usingRecursiveComparison().isEqualTo(expected);
    }

    private List<float[]> withUp(TernaryMatrix up) throws IOException {
        byte[] bytes = new byte[(int) Packings.IQ2_BN.byteSize(up.rows(), up.columns())];
        Packings.IQ2_BN.encode(up, MemorySegment.ofArray(bytes));
        return logits(write(GgufConversion.of(Fixtures.model(PACKED), "bitnet-b1.58", GgufType.IQ2_BN, GgufType.F32)
                .replace("blk.1.ffn_up.weight", GgufType.IQ2_BN, bytes)));
    }

    @Test
    void refusesScalesThatAreNoScales() throws IOException {
        byte[] groups = groups(768);
        groups[66 + 65] = 0x7e;
        assertRefused(GgufConversion.of(Fixtures.model(DENSE), "llama", GgufType.BF16, GgufType.F32)
                .replace("blk.1.ffn_down.weight", GgufType.TQ2_0, groups), "blk.1.ffn_down.weight: expected");
        byte[] silent = new byte[512 * 64 + 32];
        assertRefused(GgufConversion.of(Fixtures.model(PACKED), "bitnet-b1.58", GgufType.I2_S, GgufType.F32)
                .replace("blk.1.ffn_up.weight", GgufType.I2_S, silent),
                "blk.1.ffn_up.weight: expected a scale that is not 0, found 0 for every row");
        byte[] embedding = new byte[900 * 8 * 34];
        embedding[34 * 8 * 899 + 1] = 0x7c;
        embedding[34 * 8 * 899 + 2] = 1;
        assertRefused(GgufConversion.of(Fixtures.model(DENSE), "llama", GgufType.BF16, GgufType.F32)
                .replace("token_embd.weight", GgufType.Q8_0, embedding),
                "token_embd.weight: expected finite scales, found others in row 899");
    }

    @Test
    void factorsBesideTernaryWeightsAreMultipliedIn() throws IOException {
        GgufBuilder file = GgufConversion.of(Fixtures.model("tinystories-ternary-1M"), "bitnet", GgufType.I2_S,
                GgufType.F32);
        float plain = scale(Model.load(write(file), kernels, arena));
        file.tensor("blk.0.ffn_up.scale", new float[] {2}, 1);
        assertThat(scale(Model.load(write(file), kernels, arena))).isEqualTo(2 * plain);
    }

    private static float scale(Model model) {
        return ((BitLinear) model.weights().layers().getFirst().up()).weightScales()[0];
    }

    @Test
    void masterWeightsAreNotTakenForTernaryOnes() throws IOException {
        float[] master = new float[512 * 256];
        for (int i = 0; i < master.length; i++) {
            master[i] = i % 5 - 2;
        }
        assertRefused(GgufConversion.of(Fixtures.model(PACKED), "bitnet-b1.58", GgufType.I2_S, GgufType.F32)
                .replace("blk.1.ffn_up.weight", GgufType.F32, GgufBuilder.floats(master)),
                "blk.1.ffn_up.weight: expected ternary weights in this architecture, found row 0, column");
    }

    private void assertRefused(GgufBuilder builder, String... message) throws IOException {
        Path file = write(builder);
        assertThatThrownBy(() -> Model.load(file, kernels, arena)).isInstanceOf(ModelFormatException.class).message()
                .contains("model.gguf: ").contains(message).doesNotContain("\n");
    }
}
