package org.ternlm.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who may ask: the name by which the server is called, the API key, and web pages of another origin.
final class Gate {
    private static final HeaderName REQUESTED_HEADERS = HeaderNames.create("Access-Control-Request-Headers");
    private static final HeaderName ALLOWED_ORIGIN = HeaderNames.create("Access-Control-Allow-Origin");
    private static final HeaderName ALLOWED_METHODS = HeaderNames.create("Access-Control-Allow-Methods");
    private static final HeaderName ALLOWED_HEADERS = HeaderNames.create("Access-Control-Allow-Headers");
    private static final HeaderName EXPOSED_HEADERS = HeaderNames.create("Access-Control-Expose-Headers");
    private static final HeaderName ALLOWED_FOR = HeaderNames.create("Access-Control-Max-Age");
    private static final Pattern HEADER_LIST = Pattern.compile("[A-Za-z0-9, -]{1,1024}");

    private final @Nullable ApiKey key;
    private final @Nullable Hosts hosts;
    private final @Nullable String corsOrigin;

    Gate(HttpOptions options) {
        key = options.key();
        hosts = options.checkHost() ? new Hosts(options.hostNames()) : null;
        corsOrigin = options.corsOrigin();
    }

    /// @throws ApiException if the server is called by a name that is not its own
    void checkHost(Exchange exchange) {
        String host = exchange.header(HeaderNames.HOST).orElse("");
        if (hosts != null && !hosts.allow(host)) {
            throw ApiException.wrong(421, "wrong_host",
                    "this server is not known by the name in the Host header; --allow-host adds names");
        }
    }

    /// @throws ApiException if the key is missing or wrong
    void checkKey(Exchange exchange) {
        if (key == null) {
            return;
        }
        String authorization = exchange.header(HeaderNames.AUTHORIZATION).orElse("");
        if (!key.isIn(authorization)) {
            exchange.with(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            throw ApiException.wrong(401, "invalid_api_key",
                    authorization.isEmpty()
                            ? "an API key is missing: Authorization: Bearer KEY"
                            : "the API key is wrong");
        }
    }

    /// Lets pages of the chosen origin read the answer.
    void allowOrigin(Exchange exchange) {
        String origin = exchange.header(HeaderNames.ORIGIN).orElse("");
        if (corsOrigin != null && !origin.isEmpty()) {
            exchange.with(HeaderNames.VARY, "Origin");
            if (corsOrigin.equals("*") || corsOrigin.equals(origin)) {
                exchange.with(ALLOWED_ORIGIN, corsOrigin);
                exchange.with(EXPOSED_HEADERS, "x-request-id, retry-after");
            }
        }
    }

    /// Answers a browser that asks whether a page of another origin may send a request.
    ///
    /// @return whether it was such a question
    boolean answerPreflight(Exchange exchange) {
        if (corsOrigin == null || !exchange.method().equals("OPTIONS")
                || exchange.header(HeaderNames.ORIGIN).isEmpty()) {
            return false;
        }
        String headers = exchange.header(REQUESTED_HEADERS).orElse("");
        if (HEADER_LIST.matcher(headers).matches()) {
            exchange.with(ALLOWED_HEADERS, headers);
        }
        exchange.with(ALLOWED_METHODS, "GET, POST").with(ALLOWED_FOR, "600").sendNothing(204);
        return true;
    }
}
