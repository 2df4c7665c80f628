package org.ternlm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Makes requests and follows redirects. The token goes to the hub itself, never to a host that it redirects to; nothing
/// is followed from `https` to `http`. Safe to share.
///
/// Redirects are followed here and not by the JDK's client, which would send the same headers to everybody.
final class Transport implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final URI hub;
    private final Optional<String> token;
    private final Patience patience;
    private final HttpClient client;
    private final StallWatch watch;

    Transport(HubSettings settings, Patience patience) {
        this.hub = settings.endpoint();
        this.token = settings.token().read();
        this.patience = patience;
        // HTTP/2 would put all files into one connection, with one window for all.
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(patience.stall()).build();
        this.watch = new StallWatch(patience.stall());
    }

    /// Whether the hub is shown a token.
    boolean hasToken() {
        return token.isPresent();
    }

    /// Asks for an address.
    ///
    /// @param from the first byte that is wanted; 0 asks for everything
    /// @throws IOException if nobody answers
    /// @throws HubException if redirects lead nowhere or where they must not
    Answer get(URI address, long from) throws IOException, InterruptedException {
        URI at = address;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(request(at, from));
            if (!REDIRECTS.contains(response.statusCode())) {
                return new Answer(at, response.statusCode(), response.headers(), watch.watch(response.body()));
            }
            response.body().close();
            at = target(at, response);
        }
        throw new HubException(HubException.Kind.BAD_ANSWER,
                "%s redirects more than %d times".formatted(address, MOST_REDIRECTS), null);
    }

    private HttpRequest request(URI address, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", "tern")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (isHub(address)) {
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        }
        return request.build();
    }

    /// The JDK's own timeout of a request may or may not include the body, by its version; this one does not.
    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> coming = client.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return coming.get(patience.stall().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            coming.cancel(true);
            throw new HttpTimeoutException("no answer for %,d s".formatted(patience.stall().toSeconds()));
        } catch (InterruptedException stopped) {
            coming.cancel(true);
            throw stopped;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException problem ? problem : new IOException(failed.getCause());
        }
    }

    private static URI target(URI from, HttpResponse<?> response) {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI to = from.resolve(location);
            boolean safe = "https".equals(to.getScheme())
                    || "http".equals(to.getScheme()) && "http".equals(from.getScheme());
            if (!location.isEmpty() && safe && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException noAddress) {
            // Said below.
        }
        throw new HubException(HubException.Kind.BAD_ANSWER,
                "%s redirects to '%s', which is not followed".formatted(from, location), null);
    }

    /// Whether an address is the hub's: the same scheme, host and port.
    boolean isHub(URI address) {
        return hub.getScheme().equals(address.getScheme()) && hub.getHost().equalsIgnoreCase(address.getHost())
                && port(hub) == port(address);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
    }

    @Override
    public void close() {
        watch.close();
        client.shutdownNow();
    }
}
