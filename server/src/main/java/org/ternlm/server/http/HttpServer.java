package org.ternlm.server.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// A running HTTP server.
public final class HttpServer implements AutoCloseable {
    /// For answers to leave that were complete when it was told to stop.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final WebServer server;
    private final Connections connections;

    private HttpServer(WebServer server, Connections connections) {
        this.server = server;
        this.connections = connections;
    }

    /// Listens, and answers by these routes.
    ///
    /// @param listener hears of each request when it is over, on the thread that answered it
    /// @throws java.io.UncheckedIOException if the port cannot be had
    public static HttpServer start(HttpOptions options, List<Route> routes, Consumer<Access> listener) {
        checkAddress(options);
        Connections connections = new Connections(options.maxConnections(), options.limits());
        WebServer server = WebServer.builder().host(options.host()).port(options.port()).shutdownHook(false)
                .protocolsDiscoverServices(false).featuresDiscoverServices(false).addConnectionSelector(connections)
                .maxPayloadSize(options.maxBodyBytes()).directHandlers(Refusals.all()).shutdownGracePeriod(GRACE)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .routing(HttpRouting.builder().any(new Front(options, routes, listener))).build().start();
        if (!server.isRunning()) {
            throw new UncheckedIOException(new BindException("the port was taken in this moment"));
        }
        connections.start();
        return new HttpServer(server, connections);
    }

    // Helidon only logs why it cannot listen.
    private static void checkAddress(HttpOptions options) {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(options.host()), options.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.port();
    }

    /// Connections that are open.
    public int connections() {
        return connections.count();
    }

    /// Stops listening, and ends what goes on; idempotent.
    @Override
    public void close() {
        server.stop();
        connections.close();
    }
}
