package org.ternlm.train.distributed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.ternlm.command.CommandException;

/// The store of a job, a few texts by name that all workers see, and how they find each other there. It lives in the
/// process of rank 0, or with the launcher.
///
/// Everything here may wait for ever for a machine that hangs; see [BoundedCall]. What native calls throw when the store
/// is gone is a plain `RuntimeException`.
final class Rendezvous implements AutoCloseable {
    private static final int LONGEST_TRY_MILLISECONDS = 5000;
    /// How long the host of the store stays for others that want to read why it ends.
    static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final String GONE = "gone";

    private final Membership membership;
    private final Store all;
    private final Store job;

    private Rendezvous(Membership membership, Store all, Store job) {
        this.membership = membership;
        this.all = all;
        this.job = job;
    }

    /// Makes the store, or waits until it is there.
    ///
    /// @throws CommandException if the port is taken or the master's name unknown
    /// @throws LostWorkerException if nothing that answers is there in time
    static Rendezvous open(Membership membership, Deadline deadline) {
        if (!membership.hostsStore()) {
            awaitMaster(membership, deadline);
        }
        try (PointerScope scope = new PointerScope()) {
            TCPStoreOptions options = new TCPStoreOptions().port((short) membership.masterPort())
                    .isServer(membership.hostsStore()).waitWorkers(false)
                    .timeout(new Milliseconds(deadline.left().toMillis()));
            // The host knows itself by whatever name; others need the one they were given.
            String host = membership.hostsStore() ? "localhost" : membership.masterAddress();
            TCPStore all = new TCPStore(host, options);
            Store job = new PrefixStore("tern-" + membership.attempt(), all);
            all.retainReference();
            job.retainReference();
            return new Rendezvous(membership, all, job);
        } catch (RuntimeException problem) {
            throw notOpened(membership, problem);
        }
    }

    private static RuntimeException notOpened(Membership membership, RuntimeException problem) {
        if (!membership.hostsStore()) {
            return LostWorkerException.joining(membership.rank(),
                    "what listens at " + membership.master() + " is not rank 0 of a job", problem);
        }
        if (String.valueOf(problem.getMessage()).contains("EADDRINUSE")) {
            return new CommandException("port %d is taken".formatted(membership.masterPort()),
                    "MASTER_PORT names a port that is free on the machine of rank 0", problem);
        }
        return LostWorkerException.joining(membership.rank(),
                "it could not listen at port " + membership.masterPort(), problem);
    }

    /// Tries plain connections: the store's own tries go on for longer than they are told to, and print.
    private static void awaitMaster(Membership membership, Deadline deadline) {
        while (true) {
            try (Socket socket = new Socket()) {
                InetAddress master = InetAddress.getByName(membership.masterAddress());
                int patience = (int) Math.min(LONGEST_TRY_MILLISECONDS, deadline.left().toMillis());
                socket.connect(new InetSocketAddress(master, membership.masterPort()), patience);
                return;
            } catch (IOException problem) {
                if (deadline.isOver()) {
                    throw notReached(membership, problem);
                }
                Deadline.pause();
            }
        }
    }

    private static RuntimeException notReached(Membership membership, IOException problem) {
        if (problem instanceof UnknownHostException) {
            return new CommandException("environment variable MASTER_ADDR: expected the name or address of a machine, "
                    + "found " + membership.masterAddress(), "this machine does not know that name", problem);
        }
        return LostWorkerException.joining(membership.rank(), "nothing answered at %s within %d s: %s".formatted(
                membership.master(), membership.joinTimeout().toSeconds(), problem.getMessage()), problem);
    }

    /// What c10d finds its own entries in.
    Store store() {
        return job;
    }

    /// Tells the others about this worker and waits until all have done so.
    ///
    /// @return by rank
    /// @throws CommandException if another process has this rank, or another idea of how many there are
    /// @throws LostWorkerException if some do not come in time
    List<Introduction> introduce(Introduction own, Deadline deadline) {
        int rank = membership.rank();
        if (job.add("claims of " + rank, 1) > 1) {
            throw new CommandException("environment variable RANK: expected one process of rank %d, found a second"
                    .formatted(rank), "each worker of a job needs a rank of its own");
        }
        job.set(name(rank), own.text());
        List<Introduction> workers = new ArrayList<>();
        for (int other = 0; other < membership.worldSize(); other++) {
            await(other, deadline);
            Introduction introduction = Introduction.parse(job.get_to_str(name(other)));
            checkWorldSize(own, other, introduction);
            workers.add(introduction);
        }
        return workers;
    }

    private void checkWorldSize(Introduction own, int other, Introduction introduction) {
        if (introduction.worldSize() != own.worldSize()) {
            throw new CommandException(
                    "environment variable WORLD_SIZE: expected %d as at %s, found %d at %s".formatted(
                            own.worldSize(), own.name(membership.rank()), introduction.worldSize(),
                            introduction.name(other)));
        }
    }

    private void await(int other, Deadline deadline) {
        while (!has(name(other))) {
            if (deadline.isOver()) {
                List<String> missing = IntStream.range(0, membership.worldSize()).filter(rank -> !has(name(rank)))
                        .mapToObj(Integer::toString).toList();
                throw LostWorkerException.joining(membership.rank(), "%s %s of %d did not come within %d s".formatted(
                        missing.size() == 1 ? "rank" : "ranks", String.join(", ", missing), membership.worldSize(),
                        membership.joinTimeout().toSeconds()), new IllegalStateException("missing: " + missing));
            }
            Deadline.pause();
        }
    }

    /// How many have introduced themselves so far.
    int introduced() {
        return (int) IntStream.range(0, membership.worldSize()).filter(rank -> has(name(rank))).count();
    }

    private static String name(int rank) {
        return "worker " + rank;
    }

    /// Whether somebody has set this.
    boolean has(String name) {
        try (PointerScope scope = new PointerScope()) {
            return job.check(new StringVector(name));
        }
    }

    /// Sets a text for all to see.
    void set(String name, String text) {
        job.set(name, text);
    }

    /// A text that somebody has set.
    String get(String name) {
        return job.get_to_str(name);
    }

    /// After a failure: says that this worker has read what it wanted. The host of the store stays until all have, or for a
    /// moment, so that everybody learns the same.
    ///
    /// @param living how many workers there may still be
    void takeLeave(int living) {
        Deadline deadline = Deadline.in(FAREWELL);
        job.add(GONE, 1);
        while (membership.hostsStore() && job.add(GONE, 0) < living && !deadline.isOver()) {
            Deadline.pause();
        }
    }

    @Override
    public void close() {
        job.close();
        all.close();
    }
}
