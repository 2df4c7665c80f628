package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;
import org.ternlm.quant.LookupWords;

/// Lets a program begin at once with the scalar kernels, and turn to the vector kernels when these are compiled.
///
/// Until C2 has compiled it, code of the Vector API is many times slower than plain loops: a short answer would be
/// over before that. So a thread of its own calls every vector operation on small dummy data until a round of them is
/// faster than the same round with the scalar kernels, and then switches. Since all kernels give the same bits, nobody
/// can tell from the results when that was. Where vectors do not become faster in half a minute, a warning says so, and
/// from then on it is tried now and then: the machine may just be busy with other things.
///
/// Few models have weights in the rarer dense forms: a form outside [#COMMON] is warmed by a thread of its own when it is
/// first used.
///
/// The dummy data lies in shared arenas, as models do: in code that has only seen memory of one thread, the compiler
/// takes that for granted, and compiles it anew, again and again, when a model comes.
final class WarmUp implements Kernels.Companion {
    private static final System.Logger LOG = System.getLogger("org.ternlm.kernel");
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    /// After that, between two rounds.
    private static final long PAUSE_MILLIS = 2_000;
    /// For products of many tokens with one layout.
    private static final long LEAST_NANOS = 1_000_000_000L;
    private static final long MOST_NANOS = 3_000_000_000L;
    /// Rounds that must have been faster than every scalar one before.
    private static final int ENOUGH = 2;
    /// Of dense products that are warmed up.
    private static final int TOKENS = 5;
    /// Forms that most models have, if only in their embedding.
    private static final Set<DenseForm> COMMON = EnumSet.of(DenseForm.F32, DenseForm.BF16, DenseForm.F16);
    /// Once in the life of a virtual machine is enough.
    private static volatile boolean done;
    private static final Set<DenseForm> WARM = ConcurrentHashMap.newKeySet();
    private static final Set<IntegerForm> WARM_INTEGERS = ConcurrentHashMap.newKeySet();

    private final SwitchingTernaryKernel ternary;
    private final SwitchingTernaryKernel signs;
    private final @Nullable SwitchingTernaryKernel sparse;
    private final SwitchingDenseKernel dense;
    private final SwitchingIntegerKernel integers;
    private final SwitchingFloatKernel floats;
    private final Kernels slow;
    private final Kernels fast;
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    private WarmUp(Kernels slow, Kernels fast) {
        this.slow = slow;
        this.fast = fast;
        ternary = new SwitchingTernaryKernel(slow.ternary(), fast.ternary());
        signs = new SwitchingTernaryKernel(slow.signs(), fast.signs());
        sparse = slow.sparse() == null || fast.sparse() == null
                ? null
                : new SwitchingTernaryKernel(slow.sparse(), fast.sparse());
        dense = new SwitchingDenseKernel(slow.dense(), fast.dense(), form -> start(() -> warm(form)));
        integers = new SwitchingIntegerKernel(slow.integers(), fast.integers(), form -> start(() -> warm(form)));
        floats = new SwitchingFloatKernel(slow.floats(), fast.floats());
    }

    private synchronized void start(Runnable warming) {
        if (!closed) {
            Thread thread = new Thread(warming, "tern-warm-up");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Kernels that are `slow` now and `fast` as soon as that is faster. Both share the workers of `fast`.
    static Kernels begin(Kernels slow, Kernels fast) {
        if (!slow.ternary().packing().equals(fast.ternary().packing())
                || !slow.signs().packing().equals(fast.signs().packing())) {
            return fast;
        }
        if (!done) {
            return beginAnyway(slow, fast);
        }
        WarmUp warmUp = new WarmUp(slow, fast);
        warmUp.turn();
        WARM.forEach(warmUp.dense::turn);
        WARM_INTEGERS.forEach(warmUp.integers::turn);
        if (fast.manyTokens().isToCome()) {
            warmUp.start(warmUp::warmManyTokens);
        }
        return warmUp.kernels();
    }

    /// Kernels that are as they will be, but for those for many tokens.
    static Kernels begin(Kernels kernels) {
        if (!kernels.manyTokens().isToCome()) {
            return kernels;
        }
        WarmUp warmUp = new WarmUp(kernels, kernels);
        warmUp.start(warmUp::warmManyTokens);
        return new Kernels(kernels.ternary(), kernels.signs(), kernels.sparse(), kernels.dense(), kernels.integers(),
                kernels.floats(),
                kernels.workers(), kernels.manyTokens(), warmUp);
    }

    /// The same, whether or not another warm-up has ended already.
    static Kernels beginAnyway(Kernels slow, Kernels fast) {
        WarmUp warmUp = new WarmUp(slow, fast);
        warmUp.start(warmUp::warm);
        return warmUp.kernels();
    }

    private Kernels kernels() {
        return new Kernels(ternary, signs, sparse, dense, integers, floats, fast.workers(), fast.manyTokens(), this);
    }

    private void warm() {
        SliceWarmUp.run();
        warm(arena -> new EveryOperation(dense(arena), arena), "the", this::turn);
        warmManyTokens();
    }

    /// After the vector kernels, so that these are at their best when the library is compared with them.
    private void warmManyTokens() {
        ManyTokens manyTokens = fast.manyTokens();
        if (manyTokens.isToCome()) {
            try {
                for (LookupWords layout : ManyTokens.LAYOUTS) {
                    warm(manyTokens, layout);
                }
            } catch (ByteProductsException problem) {
                manyTokens.giveUp(problem);
            }
        }
    }

    private void warm(ManyTokens manyTokens, LookupWords layout) {
        Optional<TernaryKernel> loaded = isClosed() ? Optional.empty() : manyTokens.load(layout);
        if (loaded.isEmpty()) {
            return;
        }
        TernaryKernel tiles = loaded.get();
        boolean isFree = manyTokens.onlyIfFaster();
        TernaryKernel other = (isFree ? kernels() : slow).ternaryOf(layout);
        try (Arena arena = Arena.ofShared()) {
            ManyTokensRound round = new ManyTokensRound(layout, arena);
            if (isFasterInTheEnd(() -> round.run(other), () -> round.run(tiles))) {
                manyTokens.use(layout, isFree ? round.fewest(other, tiles) : ManyTokens.USUAL_FEWEST);
            } else if (!isClosed()) {
                manyTokens.leave(layout);
            }
        }
    }

    private static List<DenseRound> dense(Arena arena) {
        return COMMON.stream().map(form -> new DenseRound(form, arena)).toList();
    }

    private void warm(DenseForm form) {
        warm(arena -> new DenseRound(form, arena), form + "'s", () -> {
            WARM.add(form);
            dense.turn(form);
        });
    }

    private void warm(IntegerForm form) {
        warm(arena -> new IntegerRound(form, arena), form + "'s", () -> {
            WARM_INTEGERS.add(form);
            integers.turn(form);
        });
    }

    /// Something to be repeated until it is compiled.
    interface Repeated {
        /// Nanoseconds that it took.
        long run(Kernels kernels);
    }

    private void warm(Function<Arena, Repeated> data, String whose, Runnable turn) {
        try (Arena arena = Arena.ofShared()) {
            repeat(data.apply(arena), whose, turn);
        }
    }

    private void repeat(Repeated round, String whose, Runnable turn) {
        long start = System.nanoTime();
        long allowed = Long.MAX_VALUE;
        int faster = 0;
        while (!isClosed()) {
            allowed = Math.min(allowed, round.run(slow));
            // Where other programs run too, any round may be held up. One that was fast has been compiled.
            faster += round.run(fast) < allowed ? 1 : 0;
            if (faster == ENOUGH) {
                turn.run();
                return;
            }
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                Warnings.once(LOG, "vector code is not faster than plain code here so far: still using " + whose
                        + " scalar kernels");
                pause();
            }
        }
    }

    private synchronized void pause() {
        try {
            if (!closed) {
                wait(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /// Whether the best round of `second` is faster than the best of `first`, when there was time to compile both.
    private boolean isFasterInTheEnd(LongSupplier first, LongSupplier second) {
        long start = System.nanoTime();
        long firstNanos = Long.MAX_VALUE;
        long secondNanos = Long.MAX_VALUE;
        while (!isClosed() && System.nanoTime() - start < MOST_NANOS) {
            firstNanos = Math.min(firstNanos, first.getAsLong());
            secondNanos = Math.min(secondNanos, second.getAsLong());
            if (System.nanoTime() - start > LEAST_NANOS && secondNanos < firstNanos) {
                return true;
            }
        }
        return false;
    }

    private void turn() {
        done = true;
        ternary.turn();
        signs.turn();
        if (sparse != null) {
            sparse.turn();
        }
        COMMON.forEach(dense::turn);
        floats.turn();
    }

    @Override
    public boolean settle(Duration most) {
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(threads);
        }
        long end = System.nanoTime() + most.toNanos();
        for (Thread thread : running) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /// Ends the warming if it is still under way.
    @Override
    public void close() {
        List<Thread> running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = List.copyOf(threads);
        }
        boolean interrupted = false;
        for (Thread thread : running) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// A product of one form with one token and with a few.
    private static final class DenseRound implements Repeated {
        private static final int DENSE_ROWS = 16;
        private static final int DENSE_COLUMNS = 1024;

        private final DenseMatrix matrix;
        private final float[] x = new float[TOKENS * DENSE_COLUMNS];
        private final float[] y = new float[TOKENS * DENSE_ROWS];

        DenseRound(DenseForm form, Arena arena) {
            MemorySegment data = arena.allocate(DENSE_ROWS * form.bytes(DENSE_COLUMNS), 64);
            matrix = new DenseMatrix(form, DENSE_ROWS, DENSE_COLUMNS, data,
                    new float[form.hasRowScales() ? DENSE_ROWS : 0]);
        }

        @Override
        public long run(Kernels kernels) {
            long start = System.nanoTime();
            kernels.dense().multiply(matrix, 0, DENSE_ROWS, x, 1, y);
            kernels.dense().multiply(matrix, 0, DENSE_ROWS, x, TOKENS, y);
            return System.nanoTime() - start;
        }
    }

    /// A product of one form with one token, in four blocks and in the one that is left over, and with four tokens.
    private static final class IntegerRound implements Repeated {
        private static final int INTEGER_ROWS = 5 * IntegerForm.BLOCK_ROWS;
        private static final int INTEGER_COLUMNS = 1024;
        private static final int FOUR = 4;

        private final IntegerMatrix matrix;
        private final float[] x = new float[FOUR * INTEGER_COLUMNS];
        private final float[] y = new float[FOUR * INTEGER_ROWS];

        IntegerRound(IntegerForm form, Arena arena) {
            MemorySegment data = arena.allocate(form.bytes(INTEGER_ROWS, INTEGER_COLUMNS), 64);
            matrix = new IntegerMatrix(form, INTEGER_ROWS, INTEGER_COLUMNS, data, new float[INTEGER_ROWS]);
        }

        @Override
        public long run(Kernels kernels) {
            long start = System.nanoTime();
            for (int tokens : new int[] {1, FOUR}) {
                IntegerInput input = new IntegerInput(matrix.form(), x, tokens, INTEGER_COLUMNS, kernels.floats());
                kernels.integers().multiply(matrix, 0, matrix.blocks(), input, y);
            }
            return System.nanoTime() - start;
        }
    }
}
