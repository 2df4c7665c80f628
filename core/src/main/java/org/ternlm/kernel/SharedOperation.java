package org.ternlm.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One operation that several threads work on, each as long as it finds a range that nobody has taken.
///
/// Nobody has to come: who is late finds nothing left, and only ranges that were taken are waited for. So a thread that
/// the system does not run, or that is asleep, holds nobody up. Ranges get smaller towards the end, a share of what is
/// left, so that few are taken and all threads end at about the same time.
///
/// Made for one operation and never used again, so a thread that is late cannot take part in another one by mistake.
final class SharedOperation {
    /// The first range of each thread is one of so many parts of its share.
    private static final int PARTS = 2;
    private static final VarHandle NEXT;
    private static final VarHandle DONE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(SharedOperation.class, "next", int.class);
            DONE = lookup.findVarHandle(SharedOperation.class, "done", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final int count;
    private final int grain;
    private final int parts;
    private final Thread caller = Thread.currentThread();
    private volatile Workers.@Nullable RangeTask task;
    private volatile int next;
    private volatile int done;
    private volatile boolean callerSleeps;
    private volatile @Nullable Throwable failure;

    /// @param count items, 1 or more
    /// @param grain ranges start at multiples of this
    /// @param threads that may take part
    SharedOperation(int count, int grain, int threads, Workers.RangeTask task) {
        this.count = count;
        this.grain = grain;
        parts = threads * PARTS;
        this.task = task;
    }

    /// Takes ranges until none is left. After a failure the others' ranges are taken and left undone.
    void takePart() {
        Workers.RangeTask mine = task;
        if (mine == null) {
            return;
        }
        int items = 0;
        for (int from = next; from < count; from = next) {
            int length = length(count - from);
            if (NEXT.compareAndSet(this, from, from + length)) {
                run(mine, from, from + length);
                items += length;
            }
        }
        if (items > 0 && (int) DONE.getAndAdd(this, items) + items == count && callerSleeps) {
            LockSupport.unpark(caller);
        }
    }

    /// A part of what is left, in whole grains.
    private int length(int left) {
        long grains = Math.ceilDiv(Math.ceilDiv(left, parts), grain);
        return (int) Math.min(left, grains * grain);
    }

    private void run(Workers.RangeTask mine, int from, int to) {
        try {
            if (failure == null) {
                mine.run(from, to);
            }
        } catch (Throwable t) {
            failure = t;
        }
    }

    /// Waits for the ranges that others have taken; returns what a task threw.
    @Nullable
    Throwable await(Waiting waiting) {
        boolean interrupted = false;
        while (done < count) {
            if (!waiting.pause()) {
                callerSleeps = true;
                if (done < count) {
                    LockSupport.park(this);
                    // Else the next call would return at once, and so on.
                    interrupted |= Thread.interrupted();
                }
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
        // What the task holds must not live until the next operation.
        task = null;
        return failure;
    }
}
