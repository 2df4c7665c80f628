package org.ternlm.server.http;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The names by which a server may be called. A web page can have its own name point to this machine and then read
/// what a server here answers (DNS rebinding); its requests carry that name. Addresses are no names: nobody can have
/// them point elsewhere.
final class Hosts {
    private static final Pattern IP_4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private final Set<String> names;

    /// @param names besides `localhost` and addresses
    Hosts(Set<String> names) {
        this.names = new HashSet<>();
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
        this.names.add("localhost");
    }

    /// @param header `Host`
    boolean allow(String header) {
        if (header.startsWith("[")) {
            return header.indexOf(']') > 0;
        }
        String host = PORT.matcher(header).replaceFirst("").toLowerCase(Locale.ROOT);
        return IP_4.matcher(host).matches() || names.contains(host);
    }
}
