package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.gloo.Device;
import org.ternlm.command.CommandException;

/// How a worker comes into its group: it finds the store, introduces itself, reads who the others are, and connects to
/// them.
final class Joining {
    /// Beyond the timeout, for what has its own limits and reports better.
    private static final Duration SLACK = Rendezvous.FAREWELL.plusSeconds(3);
    /// Native threads that compute sums while others travel.
    private static final int THREADS = JoinedGroup.BLOCKS_UNDER_WAY;

    private Joining() {}

    static JoinedGroup join(Membership membership, long fingerprint) {
        // On the caller's thread, which has to wait for it anyway, and without a limit: the first time it unpacks files.
        Loader.load(torch_gloo.class);
        // Looks at TORCH_CPP_LOG_LEVEL, which nobody else does outside of Python.
        torch.initLogging();
        Deadline deadline = Deadline.in(membership.joinTimeout());
        try {
            return BoundedCall.within(membership.joinTimeout().plus(SLACK),
                    () -> joinBefore(deadline, membership, fingerprint));
        } catch (TimeoutException e) {
            throw LostWorkerException.joining(membership.rank(), "what listens at %s does not answer".formatted(
                    membership.master()), e);
        }
    }

    private static JoinedGroup joinBefore(Deadline deadline, Membership membership, long fingerprint) {
        Rendezvous rendezvous = Rendezvous.open(membership, deadline);
        Presence presence = Presence.show();
        try {
            Introduction own = Introduction.of(membership, fingerprint, presence);
            List<Introduction> workers = rendezvous.introduce(own, deadline);
            checkFingerprints(workers);
            String address = LocalAddress.amongst(own.address(), workers.stream().map(Introduction::address).toList());
            ProcessGroupGloo gloo = connect(membership, rendezvous, address, deadline);
            return new JoinedGroup(membership, workers, presence, rendezvous, gloo);
        } catch (CommandException | LostWorkerException problem) {
            giveUp(presence, rendezvous);
            throw problem;
        } catch (RuntimeException problem) {
            giveUp(presence, rendezvous);
            throw LostWorkerException.joining(membership.rank(),
                    "a worker ended meanwhile: " + Cause.line(problem), problem);
        }
    }

    private static void giveUp(Presence presence, Rendezvous rendezvous) {
        try (presence; rendezvous) {
            rendezvous.takeLeave(rendezvous.introduced());
        } catch (RuntimeException storeIsGone) {
            // Then there is nobody to wait for.
        }
    }

    private static void checkFingerprints(List<Introduction> workers) {
        Introduction first = workers.getFirst();
        List<String> others = IntStream.range(1, workers.size())
                .filter(rank -> workers.get(rank).fingerprint() != first.fingerprint())
                .mapToObj(rank -> workers.get(rank).name(rank)).toList();
        if (!others.isEmpty()) {
            throw new CommandException("%s: expected configuration and data of %s, found others".formatted(
                    String.join(", ", others), first.name(0)),
                    "all workers need the same configuration, corpus and checkpoint");
        }
    }

    private static ProcessGroupGloo connect(Membership membership, Rendezvous rendezvous, String address,
            Deadline deadline) {
        try (PointerScope scope = new PointerScope(); SilentOutput silent = SilentOutput.begin()) {
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options
                    .create(new Milliseconds(deadline.left().toMillis()));
            options.devices(new GlooDeviceVector(device(membership.networkInterface(), address)));
            options.threads(THREADS);
            ProcessGroupGloo gloo = new ProcessGroupGloo(rendezvous.store(), membership.rank(),
                    membership.worldSize(), options);
            gloo.retainReference();
            return gloo;
        }
    }

    private static Device device(String networkInterface, String address) {
        if (networkInterface.isEmpty()) {
            return ProcessGroupGloo.createDeviceForHostname(address);
        }
        try {
            return ProcessGroupGloo.createDeviceForInterface(networkInterface);
        } catch (RuntimeException problem) {
            throw new CommandException("environment variable GLOO_SOCKET_IFNAME: expected a network interface with an "
                    + "address, found " + networkInterface, "leave it out and the one that faces the master is taken",
                    problem);
        }
    }
}
