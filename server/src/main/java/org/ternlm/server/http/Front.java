package org.ternlm.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where every request comes in: checks who asks, finds the endpoint, turns what is thrown into an answer, and tells
/// of each request once it is over.
final class Front implements Handler {
    private static final System.Logger LOG = System.getLogger("org.ternlm.server");
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
    private static final HeaderName CONTENT_OPTIONS = HeaderNames.create("X-Content-Type-Options");
    private static final int CLIENT_GONE = 499;

    private final Gate gate;
    private final List<Route> routes;
    private final Duration timeLimit;
    private final Consumer<Access> listener;

    Front(HttpOptions options, List<Route> routes, Consumer<Access> listener) {
        gate = new Gate(options);
        this.routes = List.copyOf(routes);
        timeLimit = options.limits().answering();
        this.listener = listener;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        String id = "req_" + UUID.randomUUID().toString().replace("-", "");
        Exchange exchange = new Exchange(request, response, ClientConnection.CURRENT.get(), id, timeLimit);
        response.header(REQUEST_ID, id);
        response.header(CONTENT_OPTIONS, "nosniff");
        if (!exchange.hasBody()) {
            ClientConnection.CURRENT.get().received();
        }
        Route route = null;
        try {
            exchange.checkHeaders();
            gate.checkHost(exchange);
            gate.allowOrigin(exchange);
            if (!gate.answerPreflight(exchange)) {
                route = route(exchange);
                answer(route, exchange);
            }
        } catch (ApiException e) {
            fail(exchange, e);
        } finally {
            listener.accept(new Access(id, exchange.method(), exchange.path(),
                    route == null ? "other" : route.path(), exchange.status(), exchange.tokens(),
                    Duration.ofNanos(exchange.age())));
        }
        exchange.closeIfLast();
    }

    private void answer(Route route, Exchange exchange) {
        try {
            if (!route.isOpen()) {
                gate.checkKey(exchange);
            }
            route.endpoint().answer(exchange);
        } catch (ApiException e) {
            fail(exchange, e);
        } catch (RequestException e) {
            exchange.with(HeaderNames.CONNECTION, HeaderValues.CONNECTION_CLOSE.values());
            fail(exchange, Refusals.of(e.status().code()));
        } catch (ClientGoneException | CloseConnectionException | UncheckedIOException e) {
            exchange.status(CLIENT_GONE);
            throw new CloseConnectionException("the client has gone", e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, exchange.id(), e);
            fail(exchange, ApiException.internal(exchange.id()));
        }
    }

    /// @throws ApiException if there is none
    private Route route(Exchange exchange) {
        String path = exchange.path();
        List<Route> there = routes.stream().filter(route -> route.matches(path)).toList();
        if (there.isEmpty()) {
            throw ApiException.wrong(404, "not_found", "there is nothing at this path; /openapi.json lists what is");
        }
        @Nullable
        Route found = there.stream().filter(route -> route.method().equals(exchange.method())).findFirst()
                .orElse(null);
        if (found == null) {
            exchange.with(HeaderNames.ALLOW, there.stream().map(Route::method).collect(Collectors.joining(", ")));
            throw ApiException.wrong(405, "method_not_allowed", "this path is for "
                    + there.stream().map(Route::method).collect(Collectors.joining(" and ")));
        }
        exchange.rest(found.rest(path));
        return found;
    }

    private static void fail(Exchange exchange, ApiException problem) {
        if (exchange.isAnswered()) {
            // Half an answer is out: the client sees that the rest is missing.
            exchange.status(problem.status());
            throw new CloseConnectionException("failed in the middle of an answer", problem);
        }
        if (problem.status() == 503) {
            exchange.with(HeaderNames.RETRY_AFTER, "1");
        }
        exchange.send(problem.status(), problem.json());
    }
}
