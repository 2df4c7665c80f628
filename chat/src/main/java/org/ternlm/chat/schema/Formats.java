package org.ternlm.chat.schema;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The values of `format` that answers are held to. Each accepts nothing that the format does not, and leaves out rare
/// spellings: leap seconds, addresses with quotes, comments or in brackets, names of more than six labels.
final class Formats {
    private static final String LEAP_DAY = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
            + "-02-29";
    private static final String DATE = "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|" + LEAP_DAY + ")";
    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
            + "(Z|[+\\-](0[0-9]|1[0-7]):[0-5][0-9])";
    private static final String LABEL = "[a-z0-9]([a-z0-9\\-]{0,38}[a-z0-9])?";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String GROUP = "[0-9a-fA-F]{1,4}";
    private static final Map<String, String> PATTERNS = Map.of(
            "date", DATE,
            "time", TIME,
            "date-time", DATE + "T" + TIME,
            "duration", "P([0-9]{1,4}W|([0-9]{1,4}Y([0-9]{1,4}M([0-9]{1,4}D)?)?|[0-9]{1,4}M([0-9]{1,4}D)?|[0-9]{1,4}D)"
                    + "(T%1$s)?|T%1$s)".formatted(
                            "([0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?|[0-9]{1,4}M([0-9]{1,4}S)?|[0-9]{1,4}S)"),
            "uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            "ipv4", BYTE + "(\\." + BYTE + "){3}",
            "ipv6", ipv6(),
            "hostname", LABEL + "(\\." + LABEL + "){0,5}",
            "email", "[A-Za-z0-9_+\\-]{1,20}(\\.[A-Za-z0-9_+\\-]{1,20}){0,2}@" + LABEL + "(\\." + LABEL
                    + "){0,3}\\.[a-z]{2,6}");
    private static final Map<String, Dfa> AUTOMATA = new ConcurrentHashMap<>();

    private Formats() {}

    /// All eight groups, or `::` in the place of one or more.
    private static String ipv6() {
        StringBuilder pattern = new StringBuilder("(%s:){7}%s".formatted(GROUP, GROUP));
        for (int before = 0; before <= 7; before++) {
            String head = before == 0 ? "" : "%s(:%s){%d}".formatted(GROUP, GROUP, before - 1);
            int after = 7 - before;
            String tail = after == 0 ? "" : "(%s(:%s){0,%d})?".formatted(GROUP, GROUP, after - 1);
            pattern.append('|').append(head).append("::").append(tail);
        }
        return pattern.toString();
    }

    /// The automaton over characters of a format, or null if it is not known.
    static @Nullable Dfa automaton(String format) {
        String pattern = PATTERNS.get(format);
        return pattern == null
                ? null
                : AUTOMATA.computeIfAbsent(format, _ -> RegexReader.automaton("^(" + pattern + ")$"));
    }

    /// All their names, for messages.
    static String names() {
        return String.join(", ", PATTERNS.keySet().stream().sorted().toList());
    }
}
