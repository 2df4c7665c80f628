package org.ternlm.server.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a server speaks HTTP.
///
/// @param host address to listen on
/// @param port 0 for any that is free
/// @param key what requests need to bring, or null
/// @param checkHost whether requests have to name the server by an address, `localhost`, or one of `hostNames`
/// @param hostNames further names of the server
/// @param corsOrigin web pages of this origin may use the server, `*` for all, or null for none but its own
/// @param maxBodyBytes largest body
/// @param maxConnections most connections at once
/// @param limits how long things may take
public record HttpOptions(String host, int port, @Nullable ApiKey key, boolean checkHost, Set<String> hostNames,
        @Nullable String corsOrigin, int maxBodyBytes, int maxConnections, TimeLimits limits) {
    public HttpOptions {
        hostNames = Set.copyOf(hostNames);
    }
}
