package org.ternlm.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All connections of a server: HTTP/1.1 by Helidon, but no more than so many, each a [ClientConnection]. One thread
/// looks after those whose clients take nothing.
final class Connections implements ServerConnectionSelector, AutoCloseable {
    private static final int LONGEST_FIRST_LINE = 4096;
    private static final int LARGEST_HEADERS = 16384;
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

    private final int most;
    private final TimeLimits limits;
    private final Http1ConnectionSelector http = Http1ConnectionSelector.builder().config(Http1Config.builder()
            .maxPrologueLength(LONGEST_FIRST_LINE).maxHeadersSize(LARGEST_HEADERS).build()).build();
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final Thread watch = Thread.ofVirtual().name("tern-connection-watch").unstarted(this::closeStalled);

    /// @param most connections at once
    Connections(int most, TimeLimits limits) {
        this.most = most;
        this.limits = limits;
    }

    void start() {
        watch.start();
    }

    int count() {
        return open.size();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        ClientConnection client = new ClientConnection(context.serverSocket(), context.dataWriter(), limits);
        boolean room = open.size() < most;
        if (room) {
            open.add(client);
        }
        return new Watched(client, room ? http.connection(WatchedContext.of(context, client)) : null);
    }

    private void closeStalled() {
        try {
            while (true) {
                Thread.sleep(LOOK_AFTER);
                long now = System.nanoTime();
                open.forEach(connection -> connection.closeIfStalled(now));
            }
        } catch (InterruptedException closed) {
            // The server has stopped.
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    /// Helidon's connection, and what has to be done around it.
    ///
    /// @param http null where there is no room for one more
    private final class Watched implements ServerConnection, InterruptableTask<Void> {
        private final ClientConnection client;
        private final @Nullable ServerConnection http;

        Watched(ClientConnection client, @Nullable ServerConnection http) {
            this.client = client;
            this.http = http;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            if (http == null) {
                refuse();
                return;
            }
            try {
                ScopedValue.where(ClientConnection.CURRENT, client).<@Nullable Void, InterruptedException>call(() -> {
                    http.handle(limit);
                    return null;
                });
            } finally {
                client.discardLeftOvers();
                open.remove(client);
            }
        }

        private void refuse() {
            byte[] body = Json.bytes(ApiException.busy("too many connections").json());
            String head = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            try {
                client.writeNow(BufferData.create(head.getBytes(StandardCharsets.US_ASCII)), BufferData.create(body));
            } catch (SocketWriterException | UncheckedIOException gone) {
                // Nobody to tell.
            }
            client.discardLeftOvers();
        }

        @Override
        public Duration idleTime() {
            // This class has limits of its own.
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            if (http != null) {
                http.close(interrupt);
            }
        }

        @Override
        public boolean canInterrupt() {
            return !(http instanceof InterruptableTask<?> task) || task.canInterrupt();
        }
    }
}
