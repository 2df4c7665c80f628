package org.ternlm.train.distributed;

import java.lang.foreign.MemorySegment;
import org.ternlm.command.CommandException;

/// The workers that train one model, seen by one of them.
///
/// Every operation is collective: all ranks call the same operations in the same order with blocks of the same size, and
/// each waits until the others have come that far. Results are the same to the last bit on every rank. Blocks of other
/// sizes are a mistake that nobody catches: Gloo ends the process.
///
/// A group is for one thread at a time. After a [LostWorkerException] it is of no use any more: whatever is called then
/// throws the same again.
public sealed interface WorkerGroup extends AutoCloseable permits Alone, JoinedGroup {
    /// The group of a process alone. Loads no native code.
    static WorkerGroup alone() {
        return new Alone();
    }

    /// Waits until all workers of the job are there.
    ///
    /// @param fingerprint of configuration and data: whoever has another one trains something else
    /// @throws CommandException if the membership makes no sense here, or a worker has another fingerprint
    /// @throws LostWorkerException if a worker does not come in time
    static WorkerGroup join(Membership membership, long fingerprint) {
        return membership.worldSize() == 1 ? alone() : Joining.join(membership, fingerprint);
    }

    /// The number of this worker, from 0.
    int rank();

    /// How many workers there are.
    int size();

    /// Whether this is the worker that speaks for all: shows progress, writes log and checkpoints.
    default boolean isFirst() {
        return rank() == 0;
    }

    /// Replaces each float by its sum over all workers. The order in which they are added depends on the number of workers
    /// alone.
    ///
    /// @param floats native memory, float32 in native byte order; changed, and half-way if this throws
    void sum(MemorySegment floats);

    /// Replaces the floats of all workers by those of one.
    ///
    /// @param floats native memory, float32 in native byte order
    /// @param root the rank that has the right ones
    void broadcast(MemorySegment floats, int root);

    /// The sum of a number over all workers, in double precision.
    double sum(double number);

    /// The sum of a number over all workers.
    long sum(long number);

    /// Whether some worker says so, told to all.
    default boolean anyone(boolean flag) {
        return sum(flag ? 1L : 0L) > 0;
    }

    /// Waits until all workers are here.
    default void barrier() {
        sum(0L);
    }

    /// Leaves the group; the others miss this worker from then on. Takes seconds at most, whatever has become of the
    /// others.
    @Override
    void close();
}
