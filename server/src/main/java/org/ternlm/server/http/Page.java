package org.ternlm.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/// Files for browsers: read once from a folder of the class path and kept, so that no request ever names a file.
public final class Page {
    private static final String START = "index.html";
    /// Nothing from elsewhere, no scripts within the page, no text that becomes markup, and nobody may frame it.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";
    private static final HeaderName CONTENT_POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName REFERRERS = HeaderNames.create("Referrer-Policy");
    private static final HeaderName OPENERS = HeaderNames.create("Cross-Origin-Opener-Policy");
    private static final HeaderName RESOURCES = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml", "png",
            "image/png", "ico", "image/x-icon", "txt", "text/plain; charset=utf-8", "webmanifest",
            "application/manifest+json");

    private final List<Route> routes = new ArrayList<>();

    private Page() {}

    /// Reads what lies beside a class in a folder: `index.html`, which is shown at `/`, and files with endings that are
    /// known.
    ///
    /// @throws UncheckedIOException if it cannot be read
    public static Page of(Class<?> neighbour, String folder) {
        Page page = new Page();
        URL start = neighbour.getResource(folder + "/" + START);
        if (start == null) {
            return page;
        }
        try {
            for (String name : names(start)) {
                page.add(name, neighbour, folder + "/" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page;
    }

    /// The files beside this one.
    private static List<String> names(URL start) throws IOException {
        URLConnection connection = start.openConnection();
        if (connection instanceof JarURLConnection inJar) {
            String prefix = inJar.getEntryName().substring(0, inJar.getEntryName().length() - START.length());
            try (JarFile jar = inJar.getJarFile()) {
                return jar.stream().map(JarEntry::getName).filter(name -> name.startsWith(prefix))
                        .map(name -> name.substring(prefix.length())).toList();
            }
        }
        try (var files = Files.list(Path.of(uri(start)).resolveSibling(""))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static URI uri(URL url) throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private void add(String name, Class<?> neighbour, String resource) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            return;
        }
        try (InputStream stream = neighbour.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("no longer there: " + resource);
            }
            byte[] content = stream.readAllBytes();
            String tag = "\"" + hash(content) + "\"";
            routes.add(Route.open("GET", name.equals(START) ? "/" : "/" + name,
                    exchange -> send(exchange, type, content, tag)));
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    private static void send(Exchange exchange, String type, byte[] content, String tag) {
        exchange.with(HeaderNames.ETAG, tag).with(HeaderNames.CACHE_CONTROL, "no-cache").with(CONTENT_POLICY, POLICY)
                .with(REFERRERS, "no-referrer").with(OPENERS, "same-origin").with(RESOURCES, "same-origin");
        @Nullable
        String known = exchange.header(HeaderNames.IF_NONE_MATCH).orElse(null);
        if (tag.equals(known)) {
            exchange.sendNothing(304);
        } else {
            exchange.send(200, type, content);
        }
    }

    /// The page's files.
    public List<Route> routes() {
        return routes;
    }
}
