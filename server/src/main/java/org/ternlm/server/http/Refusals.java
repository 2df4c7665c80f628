package org.ternlm.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/// What becomes of requests that are no HTTP, or more of it than is allowed: Helidon finds them before anybody else
/// sees them, and they get errors in OpenAI's shape too. Its own messages may repeat what the client sent; they are
/// left out.
final class Refusals implements DirectHandler {
    static DirectHandlers all() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new Refusals());
        }
        return handlers.build();
    }

    static ApiException of(int status) {
        return switch (status) {
            case 408 -> ApiException.wrong(408, "request_timeout", "the request took too long to arrive");
            case 413 -> ApiException.wrong(413, "body_too_large", "the body is larger than this server takes");
            case 414 -> ApiException.wrong(414, "uri_too_long", "the request's first line is too long");
            case 431 -> ApiException.wrong(431, "headers_too_large", "the headers are too large");
            case 501 -> ApiException.wrong(501, "not_implemented", "this transfer encoding is not supported");
            case 503 -> ApiException.busy("too many requests");
            case 505 -> ApiException.wrong(505, "http_version", "expected HTTP/1.1");
            default -> status >= 500
                    ? ApiException.wrong(500, "internal_error", "the server failed")
                    : ApiException.wrong(status, "bad_request", "this is not a request of HTTP/1.1 that can be read");
        };
    }

    @Override
    public TransportResponse handle(TransportRequest request, EventType type, Status status,
            ServerResponseHeaders headers, @Nullable String message) {
        headers.set(HeaderNames.CONTENT_TYPE, Exchange.JSON);
        return TransportResponse.builder().status(status).headers(headers).keepAlive(false)
                .entity(Json.bytes(of(status.code()).json())).build();
    }
}
