package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// What a rounded head costs, on real models and real text: the Kullback-Leibler divergence from the head of the file, in
/// nats a token.
class HeadTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STORIES = 6;

    /// Mean divergence, and how often the likeliest token stays.
    private record Cost(double divergence, double sameGreedy) {}

    @Test
    void theBundledModelBarelyChanges() throws IOException {
        checkCosts(Fixtures.bundledModel(), 1e-3, 0.01);
    }

    @Test
    void aModelWithoutTernaryLayersBarelyChanges() throws IOException {
        checkCosts(Fixtures.model("stories260K-llama-f32"), 1e-3, 0.03);
    }

    private static void checkCosts(Path model, double mostOfInt8, double mostOfFourBits) throws IOException {
        Cost int8 = cost(model, HeadForm.INT8);
        Cost fourBits = cost(model, HeadForm.FOUR_BIT);
        System.getLogger("heads").log(System.Logger.Level.INFO, String.format(Locale.ROOT,
                "%s: divergence %.6f with int8, %.6f with 4bit; the same likeliest token %.2f %%, %.2f %%",
                model.getFileName(), int8.divergence, fourBits.divergence, 100 * int8.sameGreedy,
                100 * fourBits.sameGreedy));
        assertThat(int8.divergence).isBetween(1e-9, mostOfInt8);
        assertThat(fourBits.divergence).isBetween(int8.divergence * 2, mostOfFourBits);
        assertThat(int8.sameGreedy).isGreaterThan(0.98);
        assertThat(fourBits.sameGreedy).isGreaterThan(0.9);
    }

    private static Cost cost(Path path, HeadForm form) throws IOException {
        try (Kernels kernels = KernelSelection.choose().open(2); Arena arena = Arena.ofShared()) {
            Model exact = Model.load(path, kernels, arena);
            Model rounded = Model.load(path, form, kernels, arena);
            int vocabulary = exact.config().vocabularySize();
            double divergence = 0;
            int same = 0;
            int count = 0;
            for (int[] story : stories()) {
                List<float[]> expected = logits(exact, story, kernels);
                List<float[]> found = logits(rounded, story, kernels);
                for (int i = 0; i < expected.size(); i++) {
                    double[] p = logSoftmax(expected.get(i));
                    double[] q = logSoftmax(found.get(i));
                    for (int token = 0; token < vocabulary; token++) {
                        divergence += Math.exp(p[token]) * (p[token] - q[token]);
                    }
                    same += likeliest(p) == likeliest(q) ? 1 : 0;
                    count++;
                }
            }
            return new Cost(divergence / count, (double) same / count);
        }
    }

    private static List<int[]> stories() throws IOException {
        List<int[]> stories = new ArrayList<>();
        for (String line : Files.readAllLines(Fixtures.file("eval/tinystories60.tokens.jsonl")).subList(0, STORIES)) {
            JsonNode tokens = JSON.readTree(line).get("tokens");
            stories.add(JSON.convertValue(tokens, int[].class));
        }
        return stories;
    }

    private static List<float[]> logits(Model model, int[] tokens, Kernels kernels) {
        int vocabulary = model.config().vocabularySize();
        List<float[]> all = new ArrayList<>();
        new Decoder(model, kernels).forward(List.of(new Decoder.Step(new KvCache(model.config()), tokens, 0)), (step,
                token, logits, offset) -> all.add(Arrays.copyOfRange(logits, offset, offset + vocabulary)));
        return all;
    }

    private static double[] logSoftmax(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double[] logs = new double[logits.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = logits[i] - Math.log(sum);
        }
        return logs;
    }

    private static int likeliest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /// Threads share the rounding, and no bit depends on it.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FILE")
    void threadsDoNotMatter(HeadForm form) {
        try (Arena arena = Arena.ofShared(); Workers one = new Workers(1); Workers three = new Workers(3)) {
            int rows = 5000;
            MemorySegment data = arena.allocate(4L * rows * 100);
            Random random = new Random(4);
            for (int i = 0; i < rows * 100; i++) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
            float[] gain = new float[100];
            Arrays.fill(gain, 0.5f);
            DenseMatrix matrix = new DenseMatrix(DenseForm.F32, rows, 100, data);
            IntegerLinear alone = (IntegerLinear) Head.of(matrix, gain, form, one, arena);
            IntegerLinear shared = (IntegerLinear) Head.of(matrix, gain, form, three, arena);
            assertThat(shared.weights().data().mismatch(alone.weights().data())).isEqualTo(-1);
            assertThat(shared.weights().rowScales()).containsExactly(alone.weights().rowScales());
            assertThat(alone.byteSize()).isEqualTo(form.addedBytes(rows, 100));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FILE")
    void weightsThatAreNotFiniteGetOneClearLine(HeadForm form, @TempDir Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.model("stories260K-llama-f32"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        MemorySegment file = MemorySegment.ofArray(bytes);
        int number = (int) (Long.BYTES + file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) + 4 * 1000);
        file.set(ValueLayout.JAVA_FLOAT_UNALIGNED, number, Float.NaN);
        Files.write(weights, bytes);
        try (Kernels kernels = KernelSelection.choose().open(1); Arena arena = Arena.ofShared()) {
            assertThatThrownBy(() -> Model.load(folder, form, kernels, arena)).isInstanceOf(
                    ModelFormatException.class).hasMessageContaining(
                            "output head: expected weights that can be rounded, found expected finite weights");
        }
    }
}
