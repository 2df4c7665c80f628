package org.ternlm.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerOptions;
import org.ternlm.generate.SchedulerState;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvBlock;
import org.ternlm.model.KvCache;
import org.ternlm.server.http.Access;
import org.ternlm.server.http.Exchange;
import org.ternlm.server.http.HttpOptions;
import org.ternlm.server.http.HttpServer;
import org.ternlm.server.http.Json;
import org.ternlm.server.http.Page;
import org.ternlm.server.http.Route;
import org.ternlm.server.http.TimeLimits;
import org.ternlm.server.openai.ChatEndpoint;
import org.ternlm.server.openai.CompletionsEndpoint;
import org.ternlm.server.openai.ModelsEndpoint;
import org.ternlm.server.openai.ServedModel;
import org.ternlm.server.openai.ServerMeters;

/// A running server of one open model: OpenAI's API, and a page to chat.
///
/// ```
/// try (Tern tern = Tern.open(folder); TernServer server = TernServer.start(tern, ServerOptions.usual())) {
///     … http://127.0.0.1:8080/v1 …
/// }
/// ```
///
/// Close it before the model. Safe for several threads.
public final class TernServer implements AutoCloseable {
    private final ServerOptions options;
    private final Scheduler scheduler;
    private final ServedModel model;
    private final HttpServer http;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TernServer(ServerOptions options, Scheduler scheduler, ServedModel model, ServerMeters meters,
            Consumer<Access> listener) {
        this.options = options;
        this.scheduler = scheduler;
        this.model = model;
        http = HttpServer.start(httpOptions(options), routes(meters), access -> {
            meters.count(access);
            listener.accept(access);
        });
    }

    /// Begins to serve a model.
    ///
    /// @throws IllegalArgumentException if the context is longer than the model's, or the address is reached from other
    /// machines and neither a key nor [ServerOptions#withInsecure] is there
    /// @throws UncheckedIOException if the address or port cannot be had
    /// @throws org.ternlm.format.ModelFormatException if the model's chat template is damaged
    public static TernServer start(Tern tern, ServerOptions options) {
        return start(tern, options, access -> {});
    }

    /// Begins to serve a model, and tells of each request once it is over.
    ///
    /// @param listener is called on the thread that answered
    /// @throws IllegalArgumentException as above
    /// @throws UncheckedIOException if the address or port cannot be had
    /// @throws org.ternlm.format.ModelFormatException if the model's chat template is damaged
    public static TernServer start(Tern tern, ServerOptions options, Consumer<Access> listener) {
        String problem = options.securityProblem();
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        Scheduler scheduler = tern.scheduler(schedulerOptions(tern, options));
        try {
            String name = options.modelName() != null ? options.modelName() : tern.name();
            return new TernServer(options, scheduler, new ServedModel(tern, scheduler, name),
                    new ServerMeters(scheduler), listener);
        } catch (RuntimeException e) {
            scheduler.close();
            throw e;
        }
    }

    private static SchedulerOptions schedulerOptions(Tern tern, ServerOptions options) {
        long cacheBytes = options.cacheBytes() == 0 ? Runtime.getRuntime().maxMemory() / 4 : options.cacheBytes();
        // Blocks are whole, so that only whole ones count.
        long blocks = cacheBytes / KvCache.byteSize(tern.config(), options.form(), KvBlock.POSITIONS);
        int room = (int) Math.min(tern.config().contextLength(), blocks * KvBlock.POSITIONS);
        int context = options.contextLength() == 0 ? room : options.contextLength();
        if (room < 1 || context > room && context <= tern.config().contextLength()) {
            throw new IllegalArgumentException("cache: expected room for %d tokens, found %d bytes for %d".formatted(
                    Math.max(context, KvBlock.POSITIONS), cacheBytes, room));
        }
        return new SchedulerOptions(context, options.sequences(), options.queue(), cacheBytes, options.form());
    }

    private static HttpOptions httpOptions(ServerOptions options) {
        Set<String> names = new HashSet<>(options.hostNames());
        names.add(options.host());
        // Who knows the key is no page that was led here by a false name.
        return new HttpOptions(options.host(), options.port(), options.key(), options.key() == null, names,
                options.corsOrigin(), options.maxBodyBytes(), options.maxConnections(),
                new TimeLimits(options.idleLimit(), options.receiveLimit(), options.receiveLimit(),
                        options.timeLimit()));
    }

    private List<Route> routes(ServerMeters meters) {
        ModelsEndpoint models = new ModelsEndpoint(model);
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("POST", "/v1/chat/completions", new ChatEndpoint(model, meters)));
        routes.add(Route.of("POST", "/v1/completions", new CompletionsEndpoint(model, meters)));
        routes.add(Route.of("GET", "/v1/models", models::list));
        routes.add(Route.of("GET", "/v1/models/{id}", models::show));
        routes.add(Route.open("GET", "/health", this::health));
        routes.add(Route.of("GET", "/metrics", meters::answer));
        byte[] description = resource("openapi.json");
        routes.add(Route.open("GET", "/openapi.json", exchange -> exchange.send(200, Exchange.JSON, description)));
        routes.addAll(Page.of(TernServer.class, "page").routes());
        return routes;
    }

    private static byte[] resource(String name) {
        try (InputStream stream = TernServer.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("missing from the program: " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void health(Exchange exchange) {
        String health = model.health();
        exchange.send(health.equals("ok") ? 200 : 503, Json.object().put("status", health));
    }

    /// The port that it listens on.
    public int port() {
        return http.port();
    }

    /// Where it is found: `http://127.0.0.1:8080`.
    public String url() {
        String host = options.host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port();
    }

    /// The name by which requests ask for the model.
    public String modelName() {
        return model.name();
    }

    /// What the scheduler is doing.
    public SchedulerState state() {
        return scheduler.state();
    }

    /// Connections that are open.
    public int connections() {
        return http.connections();
    }

    /// Takes no more requests, lets those under way come to their end, as long as the options allow, cancels what is left
    /// then, and stops listening; idempotent.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        model.startClosing();
        try {
            scheduler.drain(options.drainLimit());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scheduler.close();
        http.close();
    }
}
