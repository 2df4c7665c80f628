package org.ternlm.train.distributed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// A worker among others, connected with c10d's Gloo.
///
/// Gloo adds in a ring: each part of a block goes round once, from rank to rank, and is added up on the way; whoever has
/// the finished part sends it round again. That is why all ranks get the same bits.
final class JoinedGroup implements WorkerGroup {
    /// So many blocks travel or are added at a time.
    static final int BLOCKS_UNDER_WAY = 2;
    /// 16 MB. Between two processes of one machine larger blocks were no faster; 4 MB took a fifth longer, 1 MB four
    /// fifths.
    private static final long BLOCK_FLOATS = 4 << 20;
    private static final Duration CLOSING = Duration.ofSeconds(7);

    private final Membership membership;
    private final List<Introduction> workers;
    private final Presence presence;
    private final Rendezvous rendezvous;
    private final ProcessGroupGloo gloo;
    private final AllreduceOptions sum;
    private final BroadcastOptions broadcast;
    // A few bytes a group, never freed: a native thread that hangs may still use them.
    private final MemorySegment number = Arena.global().allocate(ValueLayout.JAVA_LONG);
    private final Tensor asDouble = NativeView.of(number, ScalarType.Double);
    private final Tensor asLong = NativeView.of(number, ScalarType.Long);
    private @Nullable LostWorkerException lost;
    private @Nullable RollCall rollCall;
    private boolean closed;

    /// @param workers who they are, by rank
    /// @param gloo the connection to them; closed with this group, like `presence` and `rendezvous`
    JoinedGroup(Membership membership, List<Introduction> workers, Presence presence, Rendezvous rendezvous,
            ProcessGroupGloo gloo) {
        this.membership = membership;
        this.workers = List.copyOf(workers);
        this.presence = presence;
        this.rendezvous = rendezvous;
        this.gloo = gloo;
        long milliseconds = membership.timeout().toMillis();
        sum = new AllreduceOptions();
        sum.timeout(new Milliseconds(milliseconds));
        broadcast = new BroadcastOptions();
        broadcast.timeout(new Milliseconds(milliseconds));
    }

    @Override
    public int rank() {
        return membership.rank();
    }

    @Override
    public int size() {
        return membership.worldSize();
    }

    @Override
    public void sum(MemorySegment floats) {
        checkFloats(floats);
        attempt("summing %,d floats".formatted(floats.byteSize() / Float.BYTES),
                () -> blockwise(floats, block -> gloo.allreduce(block, sum)));
    }

    @Override
    public void broadcast(MemorySegment floats, int root) {
        checkFloats(floats);
        if (root < 0 || root >= size()) {
            throw new IllegalArgumentException("expected a rank from 0 to %d, found %d".formatted(size() - 1, root));
        }
        broadcast.rootRank(root);
        attempt("sharing %,d floats of rank %d".formatted(floats.byteSize() / Float.BYTES, root),
                () -> blockwise(floats, block -> gloo.broadcast(block, broadcast)));
    }

    @Override
    public double sum(double value) {
        number.set(ValueLayout.JAVA_DOUBLE, 0, value);
        attempt("summing a number", () -> gloo.allreduce(new TensorVector(asDouble), sum)._wait());
        return number.get(ValueLayout.JAVA_DOUBLE, 0);
    }

    @Override
    public long sum(long value) {
        number.set(ValueLayout.JAVA_LONG, 0, value);
        attempt("summing a number", () -> gloo.allreduce(new TensorVector(asLong), sum)._wait());
        return number.get(ValueLayout.JAVA_LONG, 0);
    }

    private static void checkFloats(MemorySegment floats) {
        if (!floats.isNative() || floats.isReadOnly() || floats.byteSize() % Float.BYTES != 0
                || floats.address() % Float.BYTES != 0) {
            throw new IllegalArgumentException("expected writable native memory of whole, aligned floats, found "
                    + floats);
        }
    }

    private void attempt(String doing, Runnable operation) {
        if (closed) {
            throw new IllegalStateException("the group is closed");
        }
        if (lost != null) {
            throw lost;
        }
        try (PointerScope scope = new PointerScope()) {
            operation.run();
        } catch (RuntimeException problem) {
            lost = lose(doing, problem);
            throw lost;
        }
    }

    private LostWorkerException lose(String doing, RuntimeException problem) {
        // At once, so that those notice who wait for this worker and not for the lost one.
        bounded(gloo::close);
        RollCall call = RollCall.take(membership, workers, rendezvous);
        rollCall = call;
        return LostWorkerException.working(rank(), doing, call.describe(workers) + ", " + describe(problem), problem);
    }

    /// Gloo words a timeout in two ways: one for the block that waited, one for those behind it.
    private String describe(RuntimeException problem) {
        String line = Cause.line(problem);
        return line.contains("Timed out") || line.contains("timeout caused")
                ? "nothing came for %d s".formatted(membership.timeout().toSeconds())
                : line;
    }

    /// Runs an operation on one block after another, a few at a time. Returns or throws when none is under way any more:
    /// the memory belongs to the caller again.
    private static void blockwise(MemorySegment floats, Function<TensorVector, Work> operation) {
        long count = floats.byteSize() / Float.BYTES;
        if (count == 0) {
            return;
        }
        Tensor all = NativeView.of(floats, ScalarType.Float);
        Deque<Work> underWay = new ArrayDeque<>();
        RuntimeException failure = null;
        for (long start = 0; start < count && failure == null; start += BLOCK_FLOATS) {
            if (underWay.size() == BLOCKS_UNDER_WAY) {
                failure = end(underWay.remove());
            }
            if (failure == null) {
                Tensor block = all.narrow(0, start, Math.min(BLOCK_FLOATS, count - start));
                underWay.add(operation.apply(new TensorVector(block)));
            }
        }
        for (Work work : underWay) {
            RuntimeException problem = end(work);
            failure = failure == null ? problem : failure;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RuntimeException end(Work work) {
        try {
            work._wait();
            return null;
        } catch (RuntimeException problem) {
            return problem;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        RollCall call = rollCall;
        if (call == null) {
            bounded(() -> {
                RollCall.leave(rank(), rendezvous);
                gloo.close();
                release();
            });
        } else if (!call.storeHangs()) {
            bounded(() -> {
                rendezvous.takeLeave(call.living(size()));
                release();
            });
        }
    }

    private void release() {
        rendezvous.close();
        presence.close();
        asDouble.close();
        asLong.close();
        sum.close();
        broadcast.close();
    }

    /// What comes to no end is left behind, with all that it may still use: the process ends soon.
    private static void bounded(Runnable call) {
        try {
            BoundedCall.within(CLOSING, () -> {
                call.run();
                return call;
            });
        } catch (TimeoutException | RuntimeException hangsOrIsGone) {
            // Nothing can be done about it, and the others notice.
        }
    }
}
