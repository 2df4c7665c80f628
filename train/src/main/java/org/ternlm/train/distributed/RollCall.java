package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;

/// Who is missing after an operation has failed. The failure itself tells no rank: connections close one after another,
/// those of the living too. So each worker that sees one says in the store that it lives, and looks for a moment what has
/// become of those who do not.
///
/// @param gone the ranks whose processes have ended
/// @param left the ranks that ended in order, by their own decision
/// @param silent the ranks that are neither, and said nothing: they hang, or have not come as far as this failure
/// @param storeHangs whether the store does not answer; a thread still waits for it
record RollCall(Set<Integer> gone, Set<Integer> left, Set<Integer> silent, boolean storeHangs) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration STORE_PATIENCE = PATIENCE.plusSeconds(2);
    /// Processes that die together do not die at the same moment.
    private static final Duration OTHERS = Duration.ofMillis(300);
    private static final String LIVES = "lives";
    private static final String LEFT = "left";

    /// Asks for some seconds at most, even if the store hangs.
    ///
    /// @param workers all, by rank
    static RollCall take(Membership membership, List<Introduction> workers, Rendezvous rendezvous) {
        RollCall call = new RollCall(new ConcurrentSkipListSet<>(), new ConcurrentSkipListSet<>(),
                new ConcurrentSkipListSet<>(), false);
        Map<Integer, Presence.Look> looks = new TreeMap<>();
        for (int rank = 0; rank < workers.size(); rank++) {
            if (rank != membership.rank()) {
                call.silent.add(rank);
                String address = workers.get(rank).addressFor(workers.get(membership.rank()), membership);
                looks.put(rank, new Presence.Look(address, workers.get(rank).port()));
            }
        }
        try {
            return BoundedCall.within(STORE_PATIENCE, () -> call.ask(membership.rank(), looks, rendezvous));
        } catch (TimeoutException e) {
            return call.withStoreThatHangs(membership);
        } finally {
            looks.values().forEach(Presence.Look::close);
        }
    }

    private RollCall withStoreThatHangs(Membership membership) {
        // Where it hangs with rank 0, nothing can be known of the others.
        boolean withRankZero = !membership.launcherHostsStore() && silent.contains(0);
        return new RollCall(gone, left, withRankZero ? Set.of(0) : silent, true);
    }

    private RollCall ask(int rank, Map<Integer, Presence.Look> looks, Rendezvous rendezvous) {
        boolean hasStore = says(rank, rendezvous);
        Deadline deadline = Deadline.in(PATIENCE);
        Deadline soon = Deadline.in(OTHERS);
        while (!silent.isEmpty() && !(isSomeoneMissing() ? soon : deadline).isOver()) {
            // First what they said: whoever has seen the failure may end at any time.
            hasStore = hasStore && hear(rendezvous);
            looks.forEach((other, look) -> {
                if (silent.contains(other) && look.isGone()) {
                    gone.add(other);
                    silent.remove(other);
                }
            });
            Deadline.pause();
        }
        return this;
    }

    private static boolean says(int rank, Rendezvous rendezvous) {
        try {
            rendezvous.set(state(rank), LIVES);
            return true;
        } catch (RuntimeException storeIsGone) {
            return false;
        }
    }

    private boolean hear(Rendezvous rendezvous) {
        try {
            for (int other : silent) {
                if (rendezvous.has(state(other))) {
                    if (rendezvous.get(state(other)).equals(LEFT)) {
                        left.add(other);
                    }
                    silent.remove(other);
                }
            }
            return true;
        } catch (RuntimeException storeIsGone) {
            return false;
        }
    }

    /// Says that this worker ends in order.
    static void leave(int rank, Rendezvous rendezvous) {
        rendezvous.set(state(rank), LEFT);
    }

    private static String state(int rank) {
        return "state of " + rank;
    }

    private boolean isSomeoneMissing() {
        return !gone.isEmpty() || !left.isEmpty();
    }

    /// How many workers will still see the failure, this one counted: who is silent while others are missing is only late.
    int living(int worldSize) {
        return isSomeoneMissing() ? worldSize - gone.size() - left.size() : worldSize - silent.size();
    }

    /// For people.
    ///
    /// @param workers all, by rank
    String describe(List<Introduction> workers) {
        List<String> parts = new ArrayList<>();
        left.forEach(rank -> parts.add(workers.get(rank).name(rank) + " has left"));
        gone.forEach(rank -> parts.add(workers.get(rank).name(rank) + " is gone"));
        if (parts.isEmpty()) {
            silent.forEach(rank -> parts.add(workers.get(rank).name(rank) + " does not answer"));
        }
        return parts.isEmpty() ? "all workers live, but the connection broke" : String.join(", ", parts);
    }
}
