package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.Fixtures;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;

class KvCacheTest {
    private static final int LENGTH = 110;

    private static int[] tokens(int count, long seed) {
        return new SplittableRandom(seed).ints(count, 3, 512).toArray();
    }

    private static List<float[]> pass(Decoder decoder, KvCache cache, int... tokens) {
        List<float[]> all = new ArrayList<>();
        decoder.forward(List.of(new Decoder.Step(cache, tokens, 0)), (step, token, logits, offset) -> all.add(
                Arrays.copyOfRange(logits, offset, offset + decoder.config().vocabularySize())));
        return all;
    }

    private static void passSilently(Decoder decoder, KvCache cache, int... tokens) {
        decoder.forward(List.of(new Decoder.Step(cache, tokens, tokens.length)), (step, token, logits, offset) -> {});
    }

    private static void assertSame(List<float[]> found, List<float[]> expected) {
        assertThat(found).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
    }

    /// Whoever writes first where both have something takes a copy; nobody sees what the other one writes.
    @ParameterizedTest
    @EnumSource(KvForm.class)
    void forksGoOnAsIfEachWereAlone(KvForm form) {
        try (Arena arena = Arena.ofConfined(); Kernels kernels = KernelSelection.choose().open(1)) {
            Model model = Model.load(Fixtures.model("tinystories-ternary-1M"), HeadForm.FILE, kernels, arena);
            Decoder decoder = new Decoder(model, kernels);
            int[] start = tokens(LENGTH, 1);
            int[] end = tokens(30, 2);
            int[] other = tokens(30, 3);
            KvCache alone = new KvCache(model.config(), form);
            passSilently(decoder, alone, start);
            List<float[]> expected = pass(decoder, alone, end);
            for (int at : new int[] {64, 100, LENGTH}) {
                KvPool pool = new KvPool(model.config(), form);
                KvCache cache = pool.cache();
                passSilently(decoder, cache, start);
                KvCache fork = cache.fork(at);
                assertThat(fork.length()).isEqualTo(at);
                passSilently(decoder, fork, other);
                KvCache again = cache.fork(LENGTH);
                assertSame(pass(decoder, cache, end), expected);
                assertSame(pass(decoder, again, end), expected);
                fork.truncate(at);
                if (at < LENGTH) {
                    passSilently(decoder, fork, Arrays.copyOfRange(start, at, LENGTH));
                }
                assertSame(pass(decoder, fork, end), expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KvForm.class)
    void whatIsSharedCountsOnce(KvForm form) {
        ModelConfig config = Geometry.named("700M").orElseThrow().config(LinearKind.DENSE, 1024);
        KvPool pool = new KvPool(config, form);
        assertThat(pool.blockBytes()).isEqualTo(KvCache.byteSize(config, form, 64));
        KvCache first = pool.cache();
        assertThat(first.missingBlocks(200)).isEqualTo(4);
        first.reserve(100);
        first.advance(100);
        assertThat(pool.heldBlocks()).isEqualTo(2);
        assertThat(first.byteSize()).isEqualTo(2 * pool.blockBytes());
        KvCache second = first.fork(70);
        KvCache third = first.fork(64);
        assertThat(pool.heldBlocks()).isEqualTo(2);
        assertThat(pool.growingBlocks()).isEqualTo(2);
        // A copy of the second block, and two more.
        assertThat(second.missingBlocks(200)).isEqualTo(3);
        assertThat(third.missingBlocks(200)).isEqualTo(3);
        assertThat(third.missingBlocks(64)).isZero();
        second.reserve(130);
        second.advance(130);
        assertThat(pool.heldBlocks()).isEqualTo(5);
        assertThat(second.missingBlocks(200)).isZero();
        first.keep();
        first.keep();
        assertThatThrownBy(() -> first.reserve(1)).isInstanceOf(IllegalStateException.class);
        assertThat(pool.heldBlocks()).isEqualTo(5);
        assertThat(pool.growingBlocks()).as("the second block of the first belongs to it alone").isEqualTo(4);
        KvCache fourth = first.fork(100);
        assertThat(pool.growingBlocks()).isEqualTo(5);
        fourth.release();
        first.release();
        assertThat(pool.heldBlocks()).isEqualTo(4);
        second.release();
        second.release();
        assertThat(pool.heldBlocks()).as("the third has the first block").isEqualTo(1);
        third.release();
        assertThat(pool.heldBlocks()).isZero();
        assertThat(pool.growingBlocks()).isZero();
    }
}
