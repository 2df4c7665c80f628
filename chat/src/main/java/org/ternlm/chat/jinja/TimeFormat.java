package org.ternlm.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/// Dates as `strftime` of C writes them in English.
final class TimeFormat {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(Map.entry('d', "dd"), Map.entry('e', "ppd"),
            Map.entry('m', "MM"), Map.entry('b', "MMM"), Map.entry('h', "MMM"), Map.entry('B', "MMMM"),
            Map.entry('Y', "yyyy"), Map.entry('y', "yy"), Map.entry('H', "HH"), Map.entry('I', "hh"),
            Map.entry('M', "mm"), Map.entry('S', "ss"), Map.entry('p', "a"), Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"), Map.entry('j', "DDD"), Map.entry('F', "yyyy-MM-dd"), Map.entry('T', "HH:mm:ss"),
            Map.entry('D', "MM/dd/yy"), Map.entry('R', "HH:mm"));

    private TimeFormat() {}

    static String write(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char kind = format.charAt(++i);
            boolean unpadded = kind == '-' && i + 1 < format.length();
            kind = unpadded ? format.charAt(++i) : kind;
            String pattern = PATTERNS.get(kind);
            if (pattern == null) {
                text.append(kind == '%' ? "%" : "%" + kind);
                continue;
            }
            String part = DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
            text.append(unpadded ? part.replaceFirst("^0+(?=\\d)", "") : part);
        }
        return text.toString();
    }
}
