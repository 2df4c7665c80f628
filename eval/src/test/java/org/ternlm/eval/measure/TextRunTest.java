package org.ternlm.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.TestFiles;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;

class TextRunTest {
    private static final String STORY = "Once upon a time, there was a café. Tim saw it and ran… He was glad! "
            .repeat(9)
            .strip();
    private static Tern tern;

    @BeforeAll
    static void open() {
        tern = Tern.open(TestFiles.model("stories260K-llama-f32"), 1);
    }

    @AfterAll
    static void close() {
        tern.close();
    }

    private static TextLoss loss(TextWay way, int context, int stride, String... documents) {
        return new TextRun(tern, tern.scorer(context), way, stride).run(List.of(documents), bytes -> {});
    }

    @Test
    void aWholeTextCountsAllItsBytesAndWords() {
        TextLoss loss = loss(TextWay.WINDOWS, 512, 256, STORY, "The end.");
        double nats = -tern.scorer().score(tern.tokenizer().encode(STORY, true), 1).sum() - tern.scorer().score(tern
                .tokenizer().encode("The end.", true), 1).sum();
        assertThat(loss.nats().sum()).isCloseTo(nats, within(1e-9));
        assertThat(loss.bytes()).isEqualTo(STORY.getBytes(StandardCharsets.UTF_8).length + 8);
        assertThat(loss.words()).isEqualTo(9 * 16 + 2);
        assertThat(loss.bitsPerByte()).isCloseTo(nats / Math.log(2) / loss.bytes(), within(1e-12));
    }

    /// The first token of each window after the first is left out where windows stand end to end.
    @Test
    void whatIsLeftOutIsNotCounted() {
        int[] tokens = tern.tokenizer().encode(STORY, true);
        TextLoss loss = loss(TextWay.WINDOWS, 64, 64, STORY);
        int windows = (tokens.length + 63) / 64;
        assertThat(loss.nats().count()).isEqualTo(tokens.length - windows);
        int left = 0;
        for (int i = 64; i < tokens.length; i += 64) {
            left += tern.tokenizer().bytes(tokens[i]).length;
        }
        assertThat(loss.bytes()).isEqualTo(STORY.getBytes(StandardCharsets.UTF_8).length - left);
        assertThat(loss.words()).isZero();
        assertThat(loss(TextWay.WINDOWS, 64, 63, STORY).words()).isEqualTo(9 * 16);
    }

    @Test
    void halvesAreThoseOfTheScorer() {
        int[] tokens = tern.tokenizer().encode(STORY, true);
        Perplexity expected = new Perplexity();
        tern.scorer(64).scoreSecondHalves(tokens, OptionalInt.of(1), expected::add);
        TextLoss loss = loss(TextWay.HALVES, 64, 1, STORY);
        assertThat(loss.nats().count()).isEqualTo(expected.tokens());
        assertThat(loss.nats().value()).isCloseTo(expected.natsPerToken(), within(1e-12));
        long bytes = 0;
        for (int start = 0; start + 64 <= tokens.length; start += 64) {
            for (int i = start + 33; i < start + 64; i++) {
                bytes += tern.tokenizer().bytes(tokens[i]).length;
            }
        }
        assertThat(loss.bytes()).isEqualTo(bytes);
        assertThatThrownBy(() -> loss(TextWay.HALVES, 512, 1, "Short.")).isInstanceOf(CommandException.class)
                .hasMessageContaining("too short");
    }

    @Test
    void divergenceNeedsTheSameVocabulary() {
        try (Tern same = Tern.open(TestFiles.model("tinystories-ternary-1M"), 1)) {
            DivergenceResult result = new DivergenceRun(same, tern, 64).run(List.of(STORY), bytes -> {});
            int tokens = tern.tokenizer().encode(STORY, true).length;
            int windows = (tokens + 63) / 64;
            assertThat(result.nats().count()).isEqualTo(tokens - windows);
            assertThat(result.nats().value()).isBetween(0.01, 2.0);
            assertThat(result.largest()).isGreaterThan(result.nats().value());
            DivergenceResult none = new DivergenceRun(tern, tern, 64).run(List.of(STORY), bytes -> {});
            assertThat(none.nats().value()).isZero();
            assertThat(none.sameTop().value()).isEqualTo(1);
            assertThat(none.lossDifference().value()).isZero();
        }
        Path other = TestFiles.model("golden").resolve("bitnet-2b4t-packed");
        try (Tern different = Tern.open(other, 1)) {
            assertThatThrownBy(() -> new DivergenceRun(different, tern, 64)).isInstanceOf(CommandException.class)
                    .hasMessageContaining("different vocabularies");
        }
    }
}
