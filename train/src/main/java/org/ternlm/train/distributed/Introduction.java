package org.ternlm.train.distributed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// What a worker tells the others at the start.
///
/// @param worldSize how many workers it believes there are
/// @param fingerprint of what it is about to train
/// @param process its number on its machine
/// @param host the name of its machine
/// @param address at which others reach it, if that is not the loopback address
/// @param port of its [Presence]
record Introduction(int worldSize, long fingerprint, long process, String host, String address, int port) {
    private static final int LINES = 6;

    /// This process.
    static Introduction of(Membership membership, long fingerprint, Presence presence) {
        return new Introduction(membership.worldSize(), fingerprint, ProcessHandle.current().pid(), hostName(),
                LocalAddress.facing(membership.masterAddress()), presence.port());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a machine without a name";
        }
    }

    /// @throws IllegalArgumentException if another program's entry, or that of another version, is what was found
    static Introduction parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != LINES) {
            throw new IllegalArgumentException("expected " + LINES + " lines, found " + lines.size());
        }
        return new Introduction(Integer.parseInt(lines.get(0)), Long.parseLong(lines.get(1)),
                Long.parseLong(lines.get(2)), lines.get(3), lines.get(4), Integer.parseInt(lines.get(5)));
    }

    String text() {
        return String.join("\n", Integer.toString(worldSize), Long.toString(fingerprint), Long.toString(process), host,
                address, Integer.toString(port));
    }

    /// Where `other` reaches this worker. One that has only told its loopback address is on the machine of the master.
    String addressFor(Introduction other, Membership membership) {
        return LocalAddress.isLoopback(address) && !LocalAddress.isLoopback(other.address)
                ? membership.masterAddress()
                : address;
    }

    /// For people.
    String name(int rank) {
        return "rank %d (process %d on %s)".formatted(rank, process, host);
    }
}
