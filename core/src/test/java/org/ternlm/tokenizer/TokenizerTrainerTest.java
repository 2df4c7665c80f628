package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainerTest {
    /// Cuts at spaces only, for examples that can be followed by hand.
    private static final String AT_SPACES = " ?[^ ]+";

    @TempDir
    Path scratch;

    private static TokenizerPlan plan(int vocabularySize, String pattern, long leastCount) {
        return new TokenizerPlan(vocabularySize, pattern, "<s>", "</s>", List.of(), leastCount);
    }

    private static TrainedTokenizer train(TokenizerPlan plan, String... documents) {
        return TokenizerTrainer.train(plan, List.of(documents).iterator());
    }

    /// The words of the classic example, each so often as there: low 5, lower 2, newest 6, widest 3.
    ///
    /// Pairs: es and st 9 (6 + 3), we 8 (lower 2, newest 6), ne and ew 6, … ; e comes before s, so es is first, and takes
    /// the s from st: est 9. Then lo and ow, 7 each (5 + 2); l comes before o. ow is low's now: lo w, 7. Then ew, ne and
    /// w est, 6 each, all in newest: of the left symbols e comes before n and w.
    @Test
    void learnsWhatTheTextbookLearns() {
        String text = ("low/".repeat(5) + "lower/".repeat(2) + "newest/".repeat(6) + "widest/".repeat(3));
        TrainedTokenizer trained = train(plan(258 + 5, "[^/]+", 1), text);
        assertThat(trained.merges()).containsExactly(List.of("e", "s"), List.of("es", "t"), List.of("l", "o"),
                List.of("lo", "w"), List.of("e", "w"));
    }

    @Test
    void countsOccurrencesThatTouch() {
        // aaaa holds aa three times; ab occurs twice more; after aa, the word is two symbols.
        TrainedTokenizer trained = train(plan(258 + 2, AT_SPACES, 1), "aaaa ab ab");
        assertThat(trained.merges()).containsExactly(List.of("a", "a"), List.of("a", "b"));
    }

    @Test
    void learnsTheMergesOfANaiveTrainer() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int letters = 1 + random.nextInt(4);
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(60); i >= 0; i--) {
                StringBuilder word = new StringBuilder();
                for (int length = random.nextInt(14); length >= 0; length--) {
                    word.appendCodePoint("aeéö".charAt(random.nextInt(letters)));
                }
                words.add(word.toString());
            }
            int leastCount = 1 + random.nextInt(2);
            NaiveMerges naive = new NaiveMerges(words);
            List<List<String>> expected = naive.learn(256 + random.nextInt(60), leastCount);
            TokenizerPlan plan = plan(naive.size() + 2, "[^/]+", leastCount);
            assertThat(train(plan, String.join("/", words) + "/").merges())
                    .as("round %d: %s", round, words).isEqualTo(withoutSlashes(expected));
        }
    }

    private static List<List<String>> withoutSlashes(List<List<String>> merges) {
        assertThat(merges).allMatch(merge -> !merge.contains("/"));
        return merges;
    }

    @Test
    void writesWhatTheReferenceReadsEqually() throws IOException {
        NastyText nasty = new NastyText(11);
        TokenizerTrainer trainer = new TokenizerTrainer(TokenizerPlan.ofSize(900));
        for (int i = 0; i < 3_000; i++) {
            trainer.add(nasty.next());
        }
        trainer.train().write(scratch);
        OracleComparison.compare(scratch, 1_500);

        Tokenizer tokenizer = Tokenizer.load(scratch);
        assertThat(tokenizer.vocabularySize()).isEqualTo(900);
        assertThat(tokenizer.bosId()).hasValue(898);
        assertThat(tokenizer.eosId()).hasValue(899);
        assertThat(tokenizer.addsBos()).isTrue();
        assertThat(tokenizer.encode("", true)).containsExactly(898);
        for (int i = 0; i < 1_000; i++) {
            String text = Tokenizer.wellFormed(nasty.next());
            assertThat(tokenizer.decode(tokenizer.encode(text, true, SpecialText.AS_TEXT), true)).isEqualTo(text);
        }
    }

    @Test
    void needsFewerTokensThanBytes() throws IOException {
        String story = "Once upon a time there was a little bird. The little bird liked to sing. ".repeat(3);
        train(TokenizerPlan.ofSize(290), story).write(scratch);
        Tokenizer tokenizer = Tokenizer.load(scratch);
        assertThat(tokenizer.encode(story, false).length).isLessThan(story.length() / 2);
    }

    @Test
    void addsMoreSpecialTokensBehindTheFirstTwo() throws IOException {
        TokenizerPlan plan = new TokenizerPlan(260, TokenizerPlan.LLAMA3_PATTERN, "<s>", "</s>",
                List.of("<|user|>", "<|pad|>"), 2);
        train(plan, "").write(scratch);
        assertThat(Tokenizer.load(scratch).encode("a<|pad|><|user|>", false)).containsExactly(64, 259, 258);
    }

    @Test
    void doesNotDependOnOrderOrRuns() throws IOException {
        List<String> documents = new ArrayList<>();
        NastyText nasty = new NastyText(3);
        for (int i = 0; i < 500; i++) {
            documents.add(nasty.next());
        }
        TokenizerTrainer.train(TokenizerPlan.ofSize(500), documents.iterator()).write(scratch.resolve("one"));
        Collections.shuffle(documents, new Random(1));
        TokenizerTrainer.train(TokenizerPlan.ofSize(500), documents.iterator()).write(scratch.resolve("two"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            assertThat(scratch.resolve("two").resolve(file))
                    .hasSameBinaryContentAs(scratch.resolve("one").resolve(file));
        }
        try (var files = Files.list(scratch.resolve("one"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void saysHowLargeAVocabularyCanBe() {
        assertThatThrownBy(() -> TokenizerPlan.ofSize(257)).isInstanceOf(VocabularySizeException.class)
                .hasMessageContaining("expected at least 258, found 257");
        assertThatThrownBy(() -> train(TokenizerPlan.ofSize(10_000), "abab abab"))
                .isInstanceOf(VocabularySizeException.class)
                .hasMessageContaining("larger than the texts allow (2 different words)")
                .hasMessageContaining("expected at most 260, found 10,000");
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        assertThatThrownBy(() -> plan(300, "(", 1)).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> plan(300, AT_SPACES, 0)).hasMessageContaining("least count");
        assertThatThrownBy(() -> new TokenizerPlan(300, AT_SPACES, "<s>", "<s>", List.of(), 1))
                .hasMessageContaining("must be different");
    }

    @Test
    void forgetsRareWordsWhenThereAreTooMany() {
        WordCounts counts = new WordCounts(Pattern.compile(" ?[^ ]+"), 10);
        for (int i = 0; i < 1_000; i++) {
            counts.add("often " + i);
        }
        assertThat(counts.size()).isLessThanOrEqualTo(10);
        assertThat(counts.sorted()).containsEntry("often", 1_000L);
    }

    @Test
    void cutsWordsThatAreTooLongToBeTokens() {
        WordCounts counts = new WordCounts(Pattern.compile("[^ ]+"));
        counts.add("x" + "\uD83D\uDE00".repeat(300));
        assertThat(counts.sorted().keySet()).allMatch(word -> word.length() <= 256);
        assertThat(counts.sorted().entrySet().stream().mapToLong(e -> e.getKey().length() * e.getValue()).sum())
                .isEqualTo(601);
        assertThat(counts.sorted().keySet()).allMatch(word -> !Character.isLowSurrogate(word.charAt(0)));
    }
}
