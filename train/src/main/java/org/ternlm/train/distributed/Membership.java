package org.ternlm.train.distributed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ternlm.command.CommandException;

/// Who this process is among the workers of a job.
///
/// @param rank its number, 0 to `worldSize` - 1
/// @param worldSize how many workers the job has; 1 is a process alone, to which the rest means nothing
/// @param masterAddress name or address of the machine of rank 0, as this machine knows it
/// @param masterPort where the store of the job listens there
/// @param launcherHostsStore whether whoever started the workers listens on that port, as torchrun does; else rank 0 does
/// @param attempt how often the launcher has started this job anew; the store may still hold what was before
/// @param networkInterface through which the workers speak, such as `eth0`; empty: the one that faces the master
/// @param joinTimeout how long the workers wait for each other at the start
/// @param timeout how long an operation may take, and so for how long a worker may be behind the others
public record Membership(int rank, int worldSize, String masterAddress, int masterPort, boolean launcherHostsStore,
        int attempt, String networkInterface, Duration joinTimeout, Duration timeout) {
    private static final Duration JOIN_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final List<String> NEEDED = List.of("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT");
    private static final String HINT = "several workers need " + String.join(", ", NEEDED)
            + "; a process alone needs none of them";
    private static final int LAST_PORT = 0xffff;

    /// @throws IllegalArgumentException if there is no such rank
    public Membership {
        if (rank < 0 || rank >= worldSize) {
            throw new IllegalArgumentException("expected a rank from 0 to %d, found %d".formatted(worldSize - 1, rank));
        }
    }

    /// A process alone.
    public static Membership alone() {
        return of(0, 1, "", 0);
    }

    /// A worker with the usual timeouts: two minutes to join, five for an operation.
    public static Membership of(int rank, int worldSize, String masterAddress, int masterPort) {
        return new Membership(rank, worldSize, masterAddress, masterPort, false, 0, "", JOIN_TIMEOUT, TIMEOUT);
    }

    /// Reads what torchrun, operators on Kubernetes and [LocalWorkers] set: `RANK`, `WORLD_SIZE`, `MASTER_ADDR` and
    /// `MASTER_PORT`; `GLOO_SOCKET_IFNAME` and torchrun's own variables where they are there. `LOCAL_RANK` and others do
    /// not matter. Without any of the four the process is alone. Empty variables count as not set.
    ///
    /// @throws CommandException if only some are set, or if one makes no sense
    public static Membership fromEnvironment(Map<String, String> environment) {
        List<String> present = variablesIn(environment);
        if (present.isEmpty()) {
            return alone();
        }
        for (String name : NEEDED) {
            if (!present.contains(name)) {
                throw wrong(name, "a value, as %s %s set".formatted(String.join(", ", present),
                        present.size() == 1 ? "is" : "are"), "nothing");
            }
        }
        int worldSize = number(environment, "WORLD_SIZE", 1, Integer.MAX_VALUE, "1 or more");
        int rank = number(environment, "RANK", 0, worldSize - 1,
                "0 to %d (WORLD_SIZE is %d)".formatted(worldSize - 1, worldSize));
        int port = number(environment, "MASTER_PORT", 1, LAST_PORT, "1 to " + LAST_PORT);
        boolean launcherHostsStore = value(environment, "TORCHELASTIC_USE_AGENT_STORE").equals("True");
        int attempt = isSet(environment, "TORCHELASTIC_RESTART_COUNT")
                ? number(environment, "TORCHELASTIC_RESTART_COUNT", 0, Integer.MAX_VALUE, "0 or more")
                : 0;
        return new Membership(rank, worldSize, value(environment, "MASTER_ADDR"), port, launcherHostsStore, attempt,
                value(environment, "GLOO_SOCKET_IFNAME"), JOIN_TIMEOUT, TIMEOUT);
    }

    /// The same with other timeouts.
    public Membership withTimeouts(Duration joining, Duration operation) {
        return new Membership(rank, worldSize, masterAddress, masterPort, launcherHostsStore, attempt,
                networkInterface, joining, operation);
    }

    /// The names of what [#fromEnvironment] needs and finds set.
    static List<String> variablesIn(Map<String, String> environment) {
        return NEEDED.stream().filter(name -> isSet(environment, name)).toList();
    }

    /// Whether this process listens for the others.
    boolean hostsStore() {
        return rank == 0 && !launcherHostsStore;
    }

    /// Where the store is, for people.
    String master() {
        return masterAddress + ":" + masterPort;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !value(environment, name).isEmpty();
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }

    private static int number(Map<String, String> environment, String name, int least, int most, String range) {
        String text = value(environment, name);
        // Nine digits fit into an int whatever they are.
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw wrong(name, "a whole number, " + range, text);
        }
        return number;
    }

    private static CommandException wrong(String name, String expected, String found) {
        return new CommandException("environment variable %s: expected %s, found %s".formatted(name, expected, found),
                HINT);
    }
}
