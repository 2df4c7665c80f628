package org.ternlm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer to a request, after all redirects. To be closed.
///
/// @param address who answered in the end
/// @param status of HTTP
/// @param headers of HTTP
/// @param body not read yet
record Answer(URI address, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

    /// The header, if it is there.
    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /// Where in the file the body starts, where the answer is a part of one.
    OptionalLong start() {
        Matcher range = RANGE.matcher(header("Content-Range").orElse(""));
        return range.matches() ? OptionalLong.of(Long.parseLong(range.group(1))) : OptionalLong.empty();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
