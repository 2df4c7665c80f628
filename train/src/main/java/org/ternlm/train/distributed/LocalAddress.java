package org.ternlm.train.distributed;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The address at which a worker listens for the others.
///
/// A machine has several, and its own name often means one that nobody else reaches (`127.0.1.1`). The right one is that
/// from which it would send to the others.
final class LocalAddress {
    /// Any: nothing is sent to it.
    private static final int PORT = 9;

    private LocalAddress() {}

    /// The address from which this machine sends to `host`; the loopback address if it cannot tell.
    static String facing(String host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Datagrams need no answer: this only asks the routing table.
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), PORT));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException noRoute) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    /// Corrects an address after all have told theirs: rank 0 may know its own machine as `localhost`, but workers on
    /// other machines have to reach it.
    ///
    /// @param own what [#facing] gave
    /// @param all the addresses of all workers
    static String amongst(String own, List<String> all) {
        if (!isLoopback(own)) {
            return own;
        }
        return all.stream().filter(address -> !isLoopback(address)).findFirst().map(LocalAddress::facing).orElse(own);
    }

    /// Whether it is one that only this machine itself reaches.
    static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (IOException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }
}
