package org.ternlm.train.distributed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A free port, held for a child process that will listen on it.
///
/// A port that is looked up and let go may belong to somebody else a moment later. This one stays bound, which keeps the
/// system from giving it to others; nobody listens, so that a socket that allows shared addresses, as servers' do, may
/// bind it too and listen.
final class HeldPort implements AutoCloseable {
    private final Socket socket;

    private HeldPort(Socket socket) {
        this.socket = socket;
    }

    /// On the loopback address.
    static HeldPort open() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new HeldPort(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    int number() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
