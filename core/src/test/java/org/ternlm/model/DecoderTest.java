package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.Fixtures;
import org.ternlm.kernel.Kernels;

/// How tokens are passed does not change what follows them, to the bit.
class DecoderTest {
    private final Arena arena = Arena.ofShared();
    private final List<Kernels> opened = new ArrayList<>();

    static Stream<Arguments> models() {
        return Stream.of("scalar", "vector").flatMap(kernels -> Stream.of("bitnet-2b4t-packed", "llama-bf16-spm")
                .map(model -> Arguments.of(model, kernels)));
    }

    private Decoder decoder(String model, String kernelName) {
        Kernels kernels = GoldenLogitsTest.kernels(kernelName);
        opened.add(kernels);
        return new Decoder(Model.load(Fixtures.model("golden").resolve(model), kernels, arena), kernels);
    }

    @AfterEach
    void close() {
        opened.forEach(Kernels::close);
        arena.close();
    }

    private static int[] tokens(int count, int seed) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> (i * 37 + seed * 101) % 900);
        return tokens;
    }

    /// The logits behind each token of all steps.
    private static List<float[]> logits(Decoder decoder, Decoder.Step... steps) {
        List<float[]> all = new ArrayList<>();
        decoder.forward(List.of(steps), (step, token, logits, offset) -> all
                .add(Arrays.copyOfRange(logits, offset, offset + decoder.config().vocabularySize())));
        return all;
    }

    private static List<float[]> oneByOne(Decoder decoder, KvCache cache, int... tokens) {
        List<float[]> all = new ArrayList<>();
        for (int token : tokens) {
            all.addAll(logits(decoder, Decoder.Step.next(cache, token)));
        }
        return all;
    }

    private static void assertSame(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("logits %d", i).isEqualTo(expected.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void onePassEqualsTokenByToken(String model, String kernels) {
        Decoder decoder = decoder(model, kernels);
        int[] tokens = tokens(19, 1);
        List<float[]> whole = logits(decoder, new Decoder.Step(new KvCache(decoder.config()), tokens, 0));
        assertSame(whole, oneByOne(decoder, new KvCache(decoder.config()), tokens));
        KvCache cache = new KvCache(decoder.config());
        List<float[]> parts = logits(decoder, new Decoder.Step(cache, Arrays.copyOf(tokens, 6), 0));
        parts.addAll(logits(decoder, new Decoder.Step(cache, Arrays.copyOfRange(tokens, 6, 19), 0)));
        assertSame(parts, whole);
    }

    @ParameterizedTest
    @MethodSource("models")
    void othersInTheBatchMakeNoDifference(String model, String kernels) {
        Decoder decoder = decoder(model, kernels);
        int[] first = tokens(7, 1);
        int[] second = tokens(3, 2);
        int[] third = tokens(5, 3);
        List<float[]> alone = new ArrayList<>();
        KvCache started = new KvCache(decoder.config());
        logits(decoder, Decoder.Step.next(started, 5, 6, 7));
        alone.addAll(logits(decoder, new Decoder.Step(new KvCache(decoder.config()), first, 0)));
        alone.addAll(logits(decoder, new Decoder.Step(started, second, 2)));
        alone.addAll(logits(decoder, new Decoder.Step(new KvCache(decoder.config()), third, 4)));
        KvCache again = new KvCache(decoder.config());
        logits(decoder, Decoder.Step.next(again, 5, 6, 7));
        assertSame(logits(decoder, new Decoder.Step(new KvCache(decoder.config()), first, 0),
                new Decoder.Step(again, second, 2), new Decoder.Step(new KvCache(decoder.config()), third, 4)), alone);
        assertThat(again.length()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void aPromptOfSeveralPassesEqualsTokenByToken(String kernels) {
        Decoder decoder = decoder("bitnet-2b4t-packed", kernels);
        int[] tokens = tokens(262, 4);
        List<float[]> whole = logits(decoder, new Decoder.Step(new KvCache(decoder.config()), tokens, 250));
        List<float[]> single = oneByOne(decoder, new KvCache(decoder.config()), tokens);
        assertSame(whole, single.subList(250, 262));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aShortenedSequenceGoesOnAsIfTheRestHadNeverBeen(String model, String kernels) {
        Decoder decoder = decoder(model, kernels);
        KvCache cache = new KvCache(decoder.config());
        int[] tokens = tokens(12, 5);
        List<float[]> before = oneByOne(decoder, cache, tokens);
        cache.truncate(4);
        oneByOne(decoder, cache, 800, 801, 802);
        cache.truncate(4);
        assertThat(cache.length()).isEqualTo(4);
        assertSame(oneByOne(decoder, cache, Arrays.copyOfRange(tokens, 4, 12)), before.subList(4, 12));
        assertThatThrownBy(() -> cache.truncate(13)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 0 to 12 positions, found 13");
        assertThatThrownBy(() -> cache.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatDoesNotFitChangesNoSequence(String model, String kernels) {
        Decoder decoder = decoder(model, kernels);
        KvCache full = new KvCache(decoder.config());
        int context = decoder.config().contextLength();
        logits(decoder, new Decoder.Step(full, tokens(context - 1, 6), context - 1));
        KvCache other = new KvCache(decoder.config());
        List<float[]> expected = logits(decoder, Decoder.Step.next(new KvCache(decoder.config()), 1, 2, 3));
        logits(decoder, Decoder.Step.next(other, 1, 2));
        assertThatThrownBy(() -> logits(decoder, Decoder.Step.next(other, 3), Decoder.Step.next(full, 4, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the context holds %d tokens, found %d".formatted(context, context + 1));
        for (int unknown : new int[] {-1, decoder.config().vocabularySize(), Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> logits(decoder, Decoder.Step.next(other, 3), Decoder.Step.next(full, unknown)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token " + unknown
                            + " is not in the vocabulary of " + decoder.config().vocabularySize());
        }
        assertThat(full.length()).isEqualTo(context - 1);
        assertThat(other.length()).isEqualTo(2);
        assertSame(logits(decoder, Decoder.Step.next(other, 3)), expected);
        logits(decoder, Decoder.Step.next(full, 4));
        assertThat(full.length()).isEqualTo(context);
    }
}
