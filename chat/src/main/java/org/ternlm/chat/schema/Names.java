package org.ternlm.chat.schema;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// New names of properties that have come in an object, last first. Immutable; two are the same if they are the same
/// object.
final class Names {
    static final Names NONE = new Names(null, "");

    private final @Nullable Names before;
    private final String name;

    private Names(@Nullable Names before, String name) {
        this.before = before;
        this.name = name;
    }

    Names with(String next) {
        return new Names(this, next);
    }

    boolean contains(String wanted) {
        return anyMatch(wanted::equals);
    }

    boolean anyMatch(Predicate<String> predicate) {
        for (Names at = this; at != null && at.before != null; at = at.before) {
            if (predicate.test(at.name)) {
                return true;
            }
        }
        return false;
    }

    /// The text of a JSON string, quotes included, that is known to be valid.
    static String read(byte[] json) {
        return unescaped(new String(json, 1, json.length - 2, StandardCharsets.UTF_8));
    }

    /// The text of the beginning of a JSON string that ends between two characters.
    static String readBegun(byte[] json) {
        return unescaped(new String(json, 1, json.length - 1, StandardCharsets.UTF_8));
    }

    private static String unescaped(String raw) {
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
