package org.ternlm.train.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// Shows others that this process exists, however busy it is: a port on which nobody accepts. The system makes the
/// connections by itself as long as the process lives, and breaks them when it is gone.
final class Presence implements AutoCloseable {
    /// Connections that nobody accepts wait here. Systems have a limit of their own; beyond it, a worker is not known to be
    /// gone.
    private static final int WAITING = 4096;

    private final ServerSocket socket;

    private Presence(ServerSocket socket) {
        this.socket = socket;
    }

    /// On all addresses of this machine.
    static Presence show() {
        try {
            return new Presence(new ServerSocket(0, WAITING));
        } catch (IOException e) {
            throw new UncheckedIOException("no port is left", e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A look at the presence of another process. To be used for one answer after another: it keeps its connection.
    static final class Look implements AutoCloseable {
        private static final Duration CONNECTING = Duration.ofMillis(500);
        private static final int MOMENT_MILLISECONDS = 1;

        private final InetSocketAddress place;
        private final Socket socket = new Socket();
        private boolean gone;

        Look(String address, int port) {
            place = new InetSocketAddress(address, port);
        }

        /// Whether the process is known to have ended. Not so if its machine does not answer at all.
        boolean isGone() {
            if (!gone) {
                try {
                    gone = socket.isConnected() ? hasEnded() : isRefused();
                } catch (SocketTimeoutException livesOrIsSlow) {
                    gone = false;
                } catch (IOException broken) {
                    gone = socket.isConnected();
                }
            }
            return gone;
        }

        private boolean isRefused() throws IOException {
            try {
                socket.connect(place, (int) CONNECTING.toMillis());
                return false;
            } catch (ConnectException refused) {
                return true;
            }
        }

        private boolean hasEnded() throws IOException {
            socket.setSoTimeout(MOMENT_MILLISECONDS);
            return socket.getInputStream().read() < 0;
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
