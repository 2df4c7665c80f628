package org.ternlm.chat.schema;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Names of properties that have come already, or come elsewhere. Immutable; two are the same if they are the same
/// object.
final class Names {
    static final Names NONE = new Names(Set.of());

    private final Set<String> names;

    Names(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    Names with(String name) {
        Set<String> more = new HashSet<>(names);
        more.add(name);
        return new Names(more);
    }

    /// The text of a JSON string, quotes included, that is known to be valid.
    static String read(byte[] json) {
        String raw = new String(json, 1, json.length - 2, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(++i);
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }
}
