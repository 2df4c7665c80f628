package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.Fixtures;

class ScorerTest {
    private static Tern tern;

    @BeforeAll
    static void open() {
        tern = Tern.open(Fixtures.model("tinystories-ternary-1M"), 1);
    }

    @AfterAll
    static void close() {
        tern.close();
    }

    private static int[] story(int tokens) {
        int[] text = tern.tokenizer().encode("Once upon a time, there was a little dog. He ran and ran.", true);
        int[] story = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            story[i] = text[i % text.length];
        }
        return story;
    }

    @Test
    void scoresEachTokenByAllBeforeIt() {
        int[] tokens = story(20);
        double[] all = tern.scorer().score(tokens, 1).logProbabilities();
        assertThat(all).hasSize(19);
        assertThat(Arrays.stream(all)).allMatch(value -> value < 0);
        for (int at : new int[] {1, 2, 10, 19}) {
            Score last = tern.scorer().score(Arrays.copyOf(tokens, at + 1), at);
            assertThat(last.logProbabilities()).containsExactly(all[at - 1]);
            assertThat(last.sum()).isEqualTo(all[at - 1]);
        }
        assertThat(tern.scorer().score(tokens, 12).logProbabilities()).isEqualTo(Arrays.copyOfRange(all, 11, 19));
        assertThat(tern.scorer().score(tokens, 20).logProbabilities()).isEmpty();
    }

    @Test
    void theProbabilitiesOfAllTokensSumToOne() {
        int vocabulary = tern.config().vocabularySize();
        int[] tokens = Arrays.copyOf(story(8), 9);
        double sum = 0;
        for (int token = 0; token < vocabulary; token++) {
            tokens[8] = token;
            sum += Math.exp(tern.scorer().score(tokens, 8).sum());
        }
        assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
    }

    @Test
    void knowsWhatTheModelWouldHaveSaid() {
        int[] prompt = story(12);
        int[] said;
        try (Session session = tern.session()) {
            said = session.generate(GenerationRequest.of(prompt).withMaxTokens(10).withIgnoreEos(true)).tokens();
        }
        int[] tokens = Arrays.copyOf(prompt, 22);
        System.arraycopy(said, 0, tokens, 12, 10);
        assertThat(tern.scorer().score(tokens, 12).greedy()).isTrue();
        tokens[17] = (tokens[17] + 1) % tern.config().vocabularySize();
        assertThat(tern.scorer().score(tokens, 12).greedy()).isFalse();
    }

    @Test
    void windowsMoveByHalfAContext() {
        int context = tern.scorer().contextLength();
        int half = context / 2;
        int[] tokens = story(context + half + 40);
        double[] all = tern.scorer().scoreInWindows(tokens).logProbabilities();
        assertThat(all).hasSize(tokens.length - 1);
        double[] first = tern.scorer().score(Arrays.copyOf(tokens, context), 1).logProbabilities();
        double[] second = tern.scorer().score(Arrays.copyOfRange(tokens, half, half + context), half)
                .logProbabilities();
        double[] third = tern.scorer().score(Arrays.copyOfRange(tokens, 2 * half, tokens.length), half)
                .logProbabilities();
        assertThat(Arrays.copyOfRange(all, 0, context - 1)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(all, context - 1, half + context - 1)).isEqualTo(second);
        assertThat(Arrays.copyOfRange(all, half + context - 1, all.length)).isEqualTo(third);
        int[] shorter = story(30);
        assertThat(tern.scorer().scoreInWindows(shorter).logProbabilities())
                .isEqualTo(tern.scorer().score(shorter, 1).logProbabilities());
    }

    @Test
    void perplexityIsTheExponentialOfTheMeanLoss() {
        Perplexity perplexity = new Perplexity();
        perplexity.add(new Score(new double[] {-1, -2}, false));
        perplexity.add(new Score(new double[] {-6}, false));
        assertThat(perplexity.tokens()).isEqualTo(3);
        assertThat(perplexity.natsPerToken()).isEqualTo(3);
        assertThat(perplexity.value()).isEqualTo(Math.exp(3));
    }

    @Test
    void refusesWhatCannotBeScored() {
        Scorer scorer = tern.scorer();
        assertThatThrownBy(() -> scorer.score(story(5), 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to 5, found 0");
        assertThatThrownBy(() -> scorer.score(story(5), 6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scorer.score(story(scorer.contextLength() + 1), 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("longer than the context of ");
        assertThatThrownBy(() -> scorer.score(new int[] {1, 5, 512}, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token 512 is not in the vocabulary of 512");
        assertThatThrownBy(() -> scorer.score(new int[] {1, -5, 6}, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token -5 is not in the vocabulary of 512");
        assertThatThrownBy(() -> scorer.scoreInWindows(new int[] {1})).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two tokens");
        assertThatThrownBy(() -> scorer.scoreInWindows(new int[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secondHalvesAreThoseOfWindowsThatStartAsATextDoes() {
        int[] tokens = story(21);
        List<Score> scores = new ArrayList<>();
        tern.scorer(8).scoreSecondHalves(tokens, OptionalInt.of(1), scores::add);
        assertThat(scores).hasSize(2);
        int[] second = Arrays.copyOfRange(tokens, 8, 16);
        second[0] = 1;
        assertThat(scores.getLast().logProbabilities()).isEqualTo(tern.scorer(8).score(second, 5).logProbabilities())
                .hasSize(3);
        assertThatThrownBy(() -> tern.scorer(8).scoreSecondHalves(story(7), OptionalInt.empty(), scores::add))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("8 tokens, found 7");
    }

    @Test
    void severalContinuationsHaveTheBitsOfOneByOne() {
        int[] tokens = story(40);
        List<Continuation> several = List.of(part(tokens, 20, 25), part(tokens, 20, 33), part(tokens, 12, 40),
                new Continuation(Arrays.copyOf(tokens, 20), new int[] {7}), new Continuation(new int[] {1, 9, 9},
                        new int[] {3, 4}),
                part(tokens, 20, 25));
        // With the last there is nothing in common but the first token.
        for (List<Continuation> asked : List.of(several, several.subList(0, 4), several.subList(3, 4))) {
            List<Score> together = tern.scorer().scoreTogether(asked);
            assertThat(together).hasSameSizeAs(asked);
            for (int i = 0; i < asked.size(); i++) {
                Score alone = tern.scorer().score(asked.get(i).joined(), asked.get(i).context().length);
                assertThat(together.get(i).logProbabilities()).containsExactly(alone.logProbabilities());
                assertThat(together.get(i).greedy()).isEqualTo(alone.greedy());
            }
        }
        assertThat(tern.scorer().scoreTogether(List.of())).isEmpty();
    }

    @Test
    void togetherKnowsWhatTheModelWouldHaveSaid() {
        int[] prompt = story(12);
        int[] said;
        try (Session session = tern.session()) {
            said = session.generate(GenerationRequest.of(prompt).withMaxTokens(4).withIgnoreEos(true)).tokens();
        }
        int[] other = said.clone();
        other[3] = (other[3] + 1) % tern.config().vocabularySize();
        assertThat(tern.scorer().scoreTogether(List.of(new Continuation(prompt, said), new Continuation(prompt, other)))
                .stream().map(Score::greedy)).containsExactly(true, false);
    }

    private static Continuation part(int[] tokens, int context, int end) {
        return new Continuation(Arrays.copyOf(tokens, context), Arrays.copyOfRange(tokens, context, end));
    }

    @Test
    void theLastTokenOfAContinuationNeedsNoPlaceInTheContext() {
        Scorer small = tern.scorer(8);
        int[] tokens = story(10);
        Score score = small.scoreTogether(List.of(part(tokens, 5, 9))).getFirst();
        assertThat(score.logProbabilities()).containsExactly(tern.scorer().score(Arrays.copyOf(tokens, 9), 5)
                .logProbabilities());
        assertThatThrownBy(() -> small.scoreTogether(List.of(part(tokens, 5, 10)))).isInstanceOf(
                IllegalArgumentException.class).hasMessage("10 tokens of context and continuation, expected at most 9");
        assertThatThrownBy(() -> small.scoreTogether(List.of(part(tokens, 5, 5)))).isInstanceOf(
                IllegalArgumentException.class);
        assertThatThrownBy(() -> small.scoreTogether(List.of(new Continuation(new int[] {1}, new int[] {512}))))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("token 512 is not in the vocabulary of 512");
    }

    @Test
    void windowsOfAnyStrideScoreWhatIsNewToThem() {
        int[] tokens = story(30);
        for (int stride : new int[] {1, 3, 7, 8}) {
            List<Integer> scored = new ArrayList<>();
            tern.scorer(8).scoreInWindows(tokens, stride, (from, score) -> {
                for (int i = 0; i < score.logProbabilities().length; i++) {
                    int at = from + i;
                    scored.add(at);
                    int start = at < 8 ? 0 : (at - 8 + stride) / stride * stride;
                    assertThat(score.logProbabilities()[i]).isEqualTo(tern.scorer().score(Arrays.copyOfRange(tokens,
                            start, at + 1), at - start).sum());
                }
            });
            List<Integer> expected = new ArrayList<>();
            for (int at = 1; at < 30; at++) {
                if (stride < 8 || at % 8 != 0) {
                    expected.add(at);
                }
            }
            assertThat(scored).isEqualTo(expected);
        }
        assertThatThrownBy(() -> tern.scorer(8).scoreInWindows(tokens, 9, (from, score) -> {})).isInstanceOf(
                IllegalArgumentException.class).hasMessage("expected a stride of 1 to 8, found 9");
    }

    @Test
    void divergenceIsThatOfTheWholeDistributions() {
        try (Tern reference = Tern.open(Fixtures.model("stories260K-llama-f32"), 1)) {
            int[] tokens = story(40);
            Divergence found = tern.scorer().divergenceFrom(reference.scorer(), tokens);
            assertThat(found.nats()).hasSize(39);
            assertThat(found.reference()).containsExactly(reference.scorer().score(tokens, 1).logProbabilities());
            assertThat(found.compared()).containsExactly(tern.scorer().score(tokens, 1).logProbabilities());
            for (int at : new int[] {0, 17, 38}) {
                double[] p = distribution(reference, Arrays.copyOf(tokens, at + 1));
                double[] q = distribution(tern, Arrays.copyOf(tokens, at + 1));
                double nats = 0;
                for (int i = 0; i < p.length; i++) {
                    nats += Math.exp(p[i]) * (p[i] - q[i]);
                }
                assertThat(found.nats()[at]).isCloseTo(nats, within(1e-9)).isPositive();
                assertThat(found.sameTop()[at]).isEqualTo(top(p) == top(q));
            }
            Divergence none = tern.scorer().divergenceFrom(tern.scorer(), tokens);
            assertThat(none.nats()).containsOnly(0);
            assertThat(none.sameTop()).containsOnly(true);
            assertThatThrownBy(() -> tern.scorer(8).divergenceFrom(reference.scorer(), tokens)).isInstanceOf(
                    IllegalArgumentException.class).hasMessage("expected 2 to 8 tokens, found 40");
        }
    }

    /// Log-probabilities of all tokens, each scored as a continuation.
    private static double[] distribution(Tern model, int[] context) {
        List<Continuation> all = new ArrayList<>();
        for (int token = 0; token < model.config().vocabularySize(); token++) {
            all.add(new Continuation(context, new int[] {token}));
        }
        return model.scorer().scoreTogether(all).stream().mapToDouble(Score::sum).toArray();
    }

    private static int top(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
