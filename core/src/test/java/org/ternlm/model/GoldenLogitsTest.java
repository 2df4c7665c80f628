package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.Fixtures;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.Workers;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarTernaryKernel;
import org.ternlm.kernel.vector.VectorProvider;

/// The log-probability of every prompt token of the four golden checkpoints, against those that transformers 5.18.0
/// computed in float32, and the whole vocabulary's in the mean.
class GoldenLogitsTest {
    static final List<String> CHECKPOINTS = List.of("bitnet-2b4t-packed", "bitnet-2b4t-bf16-master",
            "llama-158-packed-bitlinear", "llama-bf16-spm");
    /// Nobody may be farther off.
    private static final double EVERYWHERE = 0.01;
    /// An int8 rounding tie may move a position farther than this; nearly all must stay within it.
    private static final double NEARLY_EVERYWHERE = 2e-3;

    static Stream<Arguments> checkpointsAndKernels() {
        return CHECKPOINTS.stream().flatMap(name -> Stream.of("scalar", "vector").map(k -> Arguments.of(name, k)));
    }

    @ParameterizedTest
    @MethodSource("checkpointsAndKernels")
    void logProbabilitiesAreThoseOfTheReference(String name, String kernelName) throws IOException {
        try (Arena arena = Arena.ofShared(); Kernels kernels = kernels(kernelName)) {
            Model model = Model.load(Fixtures.model("golden").resolve(name), kernels, arena);
            SafetensorsFile expected = SafetensorsFile
                    .open(Fixtures.model("golden").resolve(name).resolve("expected.safetensors"), arena);
            JsonNode cases = new ObjectMapper()
                    .readTree(Fixtures.model("golden").resolve(name).resolve("expected.json").toFile());
            int positions = 0;
            int far = 0;
            double farthest = 0;
            double anywhere = 0;
            for (int i = 0; i < cases.size(); i++) {
                int[] tokens = new ObjectMapper().convertValue(cases.get(i).get("input_ids"), int[].class);
                float[] reference = Objects.requireNonNull(expected.tensors().get("logits." + i)).floats();
                Differences differences = Differences.of(new Decoder(model, kernels), tokens, reference);
                positions += differences.ofTokens.length;
                far += (int) Arrays.stream(differences.ofTokens).filter(d -> d > NEARLY_EVERYWHERE).count();
                farthest = Math.max(farthest, Arrays.stream(differences.ofTokens).max().orElseThrow());
                anywhere = Math.max(anywhere, differences.ofVocabulary);
            }
            System.Logger log = System.getLogger("golden");
            log.log(System.Logger.Level.INFO,
                    "%s, %s: farthest %.2e (any token of the vocabulary %.2e), beyond %s: %d of %d"
                            .formatted(name, kernelName, farthest, anywhere, NEARLY_EVERYWHERE, far, positions));
            assertThat(farthest).isLessThan(EVERYWHERE);
            assertThat(far).isLessThanOrEqualTo(positions / 10);
        }
    }

    /// How far log-probabilities are from the reference.
    ///
    /// @param ofTokens for each token that has one before it
    /// @param ofVocabulary the largest of any token of the vocabulary at any position
    private record Differences(double[] ofTokens, double ofVocabulary) {
        static Differences of(Decoder decoder, int[] tokens, float[] reference) {
            int vocabulary = decoder.config().vocabularySize();
            double[] ofTokens = new double[tokens.length - 1];
            double[] largest = new double[1];
            decoder.forward(List.of(new Decoder.Step(new KvCache(decoder.config()), tokens, 0)),
                    (step, at, logits, offset) -> {
                        double found = logSum(logits, offset, vocabulary);
                        double expected = logSum(reference, at * vocabulary, vocabulary);
                        for (int i = 0; i < vocabulary; i++) {
                            double difference = Math
                                    .abs(logits[offset + i] - found - (reference[at * vocabulary + i] - expected));
                            largest[0] = Math.max(largest[0], difference);
                            if (at + 1 < tokens.length && i == tokens[at + 1]) {
                                ofTokens[at] = difference;
                            }
                        }
                    });
            return new Differences(ofTokens, largest[0]);
        }
    }

    private static double logSum(float[] logits, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += Math.exp(logits[i]);
        }
        return Math.log(sum);
    }

    static Kernels kernels(String name) {
        Workers workers = new Workers(2);
        return name.equals("vector")
                ? VectorProvider.kernels(workers, true)
                : new Kernels(new ScalarTernaryKernel(), new ScalarDenseKernel(), new ScalarIntegerKernel(),
                        new ScalarFloatKernel(), workers);
    }
}
