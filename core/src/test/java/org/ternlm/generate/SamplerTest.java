package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int DRAWS = 20_000;
    /// Token 1 has probability 0.5, token 3 has 0.3, token 0 has 0.16, token 2 has 0.04.
    private static final float[] LOGITS = logits(0.16, 0.5, 0.04, 0.3);

    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]) + 7;
        }
        return logits;
    }

    private static Sampling sampling(double temperature, int topK, double topP, double minP) {
        return new Sampling(temperature, topK, topP, minP, 1, 0, 0, Map.of(), 1);
    }

    private static Sampling greedy(double penalty, Map<Integer, Double> bias) {
        return new Sampling(0, 0, 1, 0, penalty, 0, 0, bias, 1);
    }

    private static int next(Sampling sampling, float[] logits, BitSet seen, @Nullable BitSet allowed) {
        TokenHistory history = new TokenHistory();
        seen.stream().forEach(history::prompted);
        return new Sampler(sampling).next(logits, history, allowed, new SamplerDesk(logits.length));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    /// How often each token was drawn, as a share.
    private static double[] shares(Sampling sampling, float[] logits) {
        Sampler sampler = new Sampler(sampling);
        SamplerDesk desk = new SamplerDesk(logits.length);
        double[] shares = new double[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[sampler.next(logits, new TokenHistory(), null, desk)] += 1.0 / DRAWS;
        }
        return shares;
    }

    private static TreeSet<Integer> drawn(Sampling sampling, float[] logits) {
        TreeSet<Integer> drawn = new TreeSet<>();
        double[] shares = shares(sampling, logits);
        for (int token = 0; token < shares.length; token++) {
            if (shares[token] > 0) {
                drawn.add(token);
            }
        }
        return drawn;
    }

    @Test
    void temperatureZeroTakesTheMostLikelyAndTheLowestOfEquals() {
        assertThat(next(Sampling.GREEDY, LOGITS, bits(), null)).isEqualTo(1);
        assertThat(next(Sampling.GREEDY, new float[] {1, 5, 2, 5}, bits(), null)).isEqualTo(1);
    }

    @Test
    void drawsInProportionToProbabilities() {
        assertThat(shares(sampling(1, 0, 1, 0), LOGITS)).containsExactly(new double[] {0.16, 0.5, 0.04, 0.3},
                within(0.015));
    }

    @Test
    void dividesLogitsByTheTemperature() {
        // At temperature 2 probabilities become their roots: 0.4, 0.7071, 0.2, 0.5477, together 1.8548.
        assertThat(shares(sampling(2, 0, 1, 0), LOGITS)).containsExactly(
                new double[] {0.4 / 1.8548, 0.7071 / 1.8548, 0.2 / 1.8548, 0.5477 / 1.8548}, within(0.015));
        assertThat(drawn(sampling(0.01, 0, 1, 0), LOGITS)).containsExactly(1);
    }

    @Test
    void topKKeepsTheKMostLikely() {
        assertThat(drawn(sampling(1, 1, 1, 0), LOGITS)).containsExactly(1);
        assertThat(drawn(sampling(1, 2, 1, 0), LOGITS)).containsExactly(1, 3);
        assertThat(drawn(sampling(1, 3, 1, 0), LOGITS)).containsExactly(0, 1, 3);
        assertThat(drawn(sampling(1, 400, 1, 0), LOGITS)).hasSize(4);
    }

    @Test
    void topPKeepsTheFewestThatReachTheSum() {
        assertThat(drawn(sampling(1, 0, 0.01, 0), LOGITS)).containsExactly(1);
        assertThat(drawn(sampling(1, 0, 0.49, 0), LOGITS)).containsExactly(1);
        assertThat(drawn(sampling(1, 0, 0.51, 0), LOGITS)).containsExactly(1, 3);
        assertThat(drawn(sampling(1, 0, 0.79, 0), LOGITS)).containsExactly(1, 3);
        assertThat(drawn(sampling(1, 0, 0.81, 0), LOGITS)).containsExactly(0, 1, 3);
        assertThat(shares(sampling(1, 0, 0.79, 0), LOGITS)[1]).isCloseTo(0.5 / 0.8, within(0.015));
    }

    /// The short ways to the k most likely and to the nucleus leave what sorting all tokens would leave.
    @Test
    void ofManyTokensTheSameAreLeftAsBySorting() {
        Random random = new Random(2);
        for (int size : new int[] {7, 100, 3000}) {
            float[] logits = new float[size];
            for (int i = 0; i < size; i++) {
                // Multiples of an eighth: many are equal.
                logits[i] = Math.round(random.nextGaussian() * 24) / 8f;
            }
            List<Integer> sorted = IntStream.range(0, size).boxed()
                    .sorted(Comparator.comparing((Integer i) -> -logits[i]).thenComparing(i -> i)).toList();
            for (int k : new int[] {1, 5, 6}) {
                assertThat(drawn(sampling(50, k, 1, 0), logits)).containsExactlyInAnyOrderElementsOf(
                        sorted.subList(0, k));
            }
            double total = sorted.stream().mapToDouble(i -> Math.exp(logits[i])).sum();
            double sum = 0;
            int nucleus = 0;
            while (sum < 0.3 * total) {
                sum += Math.exp(logits[sorted.get(nucleus++)]);
            }
            assertThat(drawn(sampling(1, 0, 0.3, 0), logits)).isSubsetOf(sorted.subList(0, nucleus));
            assertThat(sorted.subList(0, nucleus)).contains(drawn(sampling(1, size, 0.3, 0), logits).last());
        }
    }

    @Test
    void topPCountsAmongTheTopK() {
        // Of the two, token 1 has 0.625: 0.6 is reached by it alone.
        assertThat(drawn(sampling(1, 2, 0.6, 0), LOGITS)).containsExactly(1);
        assertThat(drawn(sampling(1, 2, 0.65, 0), LOGITS)).containsExactly(1, 3);
    }

    @Test
    void topPCountsAfterTheTemperature() {
        // 0.6 reaches 0.58 alone; at temperature 2 it has 0.5505 only.
        float[] two = logits(0.6, 0.4);
        assertThat(drawn(sampling(1, 0, 0.58, 0), two)).containsExactly(0);
        assertThat(drawn(sampling(2, 0, 0.58, 0), two)).containsExactly(0, 1);
    }

    @Test
    void minPIsAShareOfTheMostLikely() {
        assertThat(drawn(sampling(1, 0, 1, 0.05), LOGITS)).containsExactly(0, 1, 2, 3);
        assertThat(drawn(sampling(1, 0, 1, 0.1), LOGITS)).containsExactly(0, 1, 3);
        assertThat(drawn(sampling(1, 0, 1, 0.5), LOGITS)).containsExactly(1, 3);
        assertThat(drawn(sampling(1, 0, 1, 1), LOGITS)).containsExactly(1);
    }

    @Test
    void theRepetitionPenaltyLowersLogitsOfEitherSign() {
        assertThat(next(greedy(1.5, Map.of()), new float[] {2, 1.5f, 0}, bits(0), null)).isEqualTo(1);
        assertThat(next(greedy(1.5, Map.of()), new float[] {-1, -1.2f, -9}, bits(0), null)).isEqualTo(1);
        assertThat(next(greedy(1.5, Map.of()), new float[] {2, 1.5f, 0}, bits(1), null)).isZero();
        assertThat(next(greedy(1.1, Map.of()), new float[] {2, 1.5f, 0}, bits(0), null)).isZero();
    }

    private static int afterGenerating(double presence, double frequency, float[] logits, int... generated) {
        TokenHistory history = new TokenHistory();
        history.prompted(1);
        for (int token : generated) {
            history.generated(token);
        }
        Sampling sampling = new Sampling(0, 0, 1, 0, 1, presence, frequency, Map.of(), 1);
        return new Sampler(sampling).next(logits, history, null, new SamplerDesk(logits.length));
    }

    @Test
    void thePresencePenaltyCountsOnceAndOnlyWhatWasGenerated() {
        // 2 - 0.75 = 1.25 however often: below 1.5, above 1.2. Token 1 was in the prompt alone and loses nothing.
        assertThat(afterGenerating(0.75, 0, new float[] {2, 1.5f, 0}, 0)).isEqualTo(1);
        assertThat(afterGenerating(0.75, 0, new float[] {2, 1.2f, 0}, 0, 0, 0)).isZero();
        assertThat(afterGenerating(0.75, 0, new float[] {2, 1.9f, 0})).isZero();
        assertThat(afterGenerating(-0.75, 0, new float[] {2, 2.5f, 1.8f}, 2)).isEqualTo(2);
    }

    @Test
    void theFrequencyPenaltyCountsEachTime() {
        // 2 - 0.25 = 1.75, then 1.5, then 1.25.
        assertThat(afterGenerating(0, 0.25, new float[] {2, 1.6f, 0}, 0)).isZero();
        assertThat(afterGenerating(0, 0.25, new float[] {2, 1.6f, 0}, 0, 0)).isEqualTo(1);
        assertThat(afterGenerating(0, 0.25, new float[] {2, 1.3f, 0}, 0, 2, 0)).isZero();
        assertThat(afterGenerating(0, 0.25, new float[] {2, 1.3f, 0}, 0, 2, 0, 0)).isEqualTo(1);
        // Together: 2 - 0.5 - 2 * 0.25 = 1; negative logits sink too.
        assertThat(afterGenerating(0.5, 0.25, new float[] {2, 0.9f, 0}, 0, 0)).isZero();
        assertThat(afterGenerating(0.5, 0.25, new float[] {2, 1.1f, 0}, 0, 0)).isEqualTo(1);
        assertThat(afterGenerating(0.5, 0, new float[] {-1, -1.4f, -9}, 0)).isEqualTo(1);
    }

    @Test
    void manyTokensAreCountedEach() {
        float[] logits = new float[100];
        TokenHistory history = new TokenHistory();
        for (int token = 0; token < 100; token++) {
            for (int times = 0; times < (token == 63 ? 1 : 2 + token % 3); times++) {
                history.generated(token);
            }
        }
        history.penalizeGenerated(logits, 10, 1);
        for (int token = 0; token < 100; token++) {
            assertThat(logits[token]).isEqualTo(token == 63 ? -11 : -12 - token % 3);
        }
    }

    @Test
    void biasIsAddedAndUnknownTokensAreIgnored() {
        Map<Integer, Double> bias = Map.of(2, 9.0, 44, 1e9, -1, 1e9);
        assertThat(next(greedy(1, bias), LOGITS, bits(), null)).isEqualTo(2);
        assertThat(next(greedy(1, Map.of(1, -1e9)), LOGITS, bits(), null)).isEqualTo(3);
    }

    @Test
    void theMaskOverrulesEverything() {
        assertThat(next(greedy(1, Map.of(1, 1e9)), LOGITS, bits(), bits(0, 2))).isZero();
        assertThat(next(sampling(5, 0, 1, 0), LOGITS, bits(), bits(2))).isEqualTo(2);
        assertThat(next(Sampling.GREEDY, LOGITS, bits(), bits())).isEqualTo(-1);
        assertThat(next(sampling(1, 3, 0.5, 0), LOGITS, bits(), bits())).isEqualTo(-1);
    }

    @Test
    void theLogitsStayAsTheyAre() {
        float[] logits = LOGITS.clone();
        Sampling sampling = new Sampling(0.7, 3, 0.9, 0.01, 1.3, 0, 0, Map.of(2, 5.0), 3);
        next(sampling, logits, bits(1, 3), bits(0, 1, 2));
        assertThat(logits).isEqualTo(LOGITS);
    }

    @Test
    void theSeedDecides() {
        Sampler one = new Sampler(new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), 7));
        Sampler same = new Sampler(new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), 7));
        Sampler other = new Sampler(new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), 8));
        SamplerDesk desk = new SamplerDesk(4);
        int differences = 0;
        for (int i = 0; i < 100; i++) {
            int token = one.next(LOGITS, new TokenHistory(), null, desk);
            assertThat(same.next(LOGITS, new TokenHistory(), null, desk)).isEqualTo(token);
            differences += other.next(LOGITS, new TokenHistory(), null, desk) == token ? 0 : 1;
        }
        assertThat(differences).isGreaterThan(10);
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        for (Runnable wrong : new Runnable[] {() -> sampling(-1, 0, 1, 0), () -> sampling(Double.NaN, 0, 1, 0),
                () -> sampling(1, -1, 1, 0), () -> sampling(1, 0, 0, 0), () -> sampling(1, 0, 1.1, 0),
                () -> sampling(1, 0, 1, -0.1), () -> sampling(1, 0, 1, Double.NaN), () -> greedy(0, Map.of()),
                () -> greedy(1, Map.of(1, Double.NaN)), () -> greedy(1, Map.of(1, Double.POSITIVE_INFINITY))}) {
            assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }
}
