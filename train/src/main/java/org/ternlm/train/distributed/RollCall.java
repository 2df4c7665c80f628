package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// Who is missing after an operation has failed. The failure itself tells no rank: connections close one after another,
/// those of the living too. So each worker that sees one says in the store that it lives, and looks for a moment who else
/// does.
///
/// @param left the ranks that ended in order, by their own decision
/// @param silent the ranks that said nothing
record RollCall(Set<Integer> left, Set<Integer> silent) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration STORE_PATIENCE = PATIENCE.plusSeconds(1);
    private static final String LIVES = "lives";
    private static final String LEFT = "left";

    /// Asks for some seconds at most, even if the store hangs.
    static RollCall take(Membership membership, Rendezvous rendezvous) {
        RollCall call = new RollCall(new ConcurrentSkipListSet<>(), new ConcurrentSkipListSet<>());
        IntStream.range(0, membership.worldSize()).filter(rank -> rank != membership.rank())
                .forEach(call.silent::add);
        try {
            BoundedCall.within(STORE_PATIENCE, () -> call.ask(membership.rank(), rendezvous));
        } catch (TimeoutException | RuntimeException storeIsGone) {
            if (!membership.launcherHostsStore() && call.silent.contains(0)) {
                // Rank 0 took the store along: of the others nothing can be known.
                call.silent.retainAll(Set.of(0));
            }
        }
        return call;
    }

    private RollCall ask(int rank, Rendezvous rendezvous) {
        rendezvous.set(state(rank), LIVES);
        Deadline deadline = Deadline.in(PATIENCE);
        while (true) {
            for (int other : silent) {
                if (rendezvous.has(state(other))) {
                    if (rendezvous.get(state(other)).equals(LEFT)) {
                        left.add(other);
                    }
                    silent.remove(other);
                }
            }
            if (silent.isEmpty() || deadline.isOver()) {
                return this;
            }
            Deadline.pause();
        }
    }

    /// Says that this worker ends in order.
    static void leave(int rank, Rendezvous rendezvous) {
        rendezvous.set(state(rank), LEFT);
    }

    private static String state(int rank) {
        return "state of " + rank;
    }

    /// How many workers answered, this one counted.
    int living(int worldSize) {
        return worldSize - silent.size() - left.size();
    }

    /// For people.
    String describe(List<Introduction> workers) {
        List<String> parts = new ArrayList<>();
        left.forEach(rank -> parts.add(workers.get(rank).name(rank) + " has left"));
        silent.forEach(rank -> parts.add(workers.get(rank).name(rank) + " does not answer"));
        return parts.isEmpty() ? "all workers live, but the connection broke" : String.join(", ", parts);
    }
}
