package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
