package org.ternlm.terminal;

/// What a person types, as a message: a line; several, each but the last ending in `\`; or a block between `"""`.
///
/// A line that ends in an even number of backslashes is whole, and keeps half of them; in a block all stay as they are.
final class MessageText {
    private static final String QUOTES = "\"\"\"";

    private MessageText() {}

    /// Whether nothing more has to be typed.
    static boolean isWhole(String raw) {
        if (isBlock(raw)) {
            String rest = raw.stripTrailing();
            return rest.length() >= rest.indexOf(QUOTES) + 2 * QUOTES.length() && rest.endsWith(QUOTES);
        }
        return backslashes(raw) % 2 == 0;
    }

    static boolean isBlock(String raw) {
        return raw.stripLeading().startsWith(QUOTES);
    }

    /// The message; of one that is not whole, what there is.
    static String of(String raw) {
        if (isBlock(raw)) {
            return block(raw);
        }
        String[] lines = raw.split("\n", -1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            int count = backslashes(lines[i]);
            String kept = lines[i].substring(0, lines[i].length() - count) + "\\".repeat(count / 2);
            text.append(i == 0 ? "" : "\n").append(kept);
        }
        return text.toString();
    }

    private static String block(String raw) {
        String inside = raw.strip().substring(QUOTES.length());
        if (isWhole(raw)) {
            inside = inside.substring(0, inside.length() - QUOTES.length());
        }
        int start = inside.startsWith("\n") ? 1 : 0;
        int end = inside.endsWith("\n") && inside.length() > start ? inside.length() - 1 : inside.length();
        return inside.substring(start, end);
    }

    private static int backslashes(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count;
    }
}
