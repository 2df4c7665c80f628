package org.ternlm.hub;

import java.util.regex.Pattern;

/// A pattern of file names as shells have it: `*` any characters, slashes too, `?` one, `[abc]` and `[!abc]` one of some;
/// `folder/` is all below it. Upper and lower case differ.
///
/// @param text as it was given
/// @param pattern what it means
record Glob(String text, Pattern pattern) {
    static Glob of(String text) {
        return new Glob(text, Pattern.compile(expression(text.endsWith("/") ? text + "*" : text), Pattern.DOTALL));
    }

    /// Whether all of a path matches.
    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    private static String expression(String glob) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            // A bracket may stand in its own class as the first of its characters.
            int end = c == '[' ? glob.indexOf(']', i + (glob.startsWith("!", i + 1) ? 3 : 2)) : -1;
            if (end > 0) {
                expression.append(characters(glob.substring(i + 1, end)));
                i = end;
            } else {
                expression.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return expression.toString();
    }

    private static String characters(String content) {
        boolean others = content.startsWith("!");
        StringBuilder characters = new StringBuilder(others ? "[^" : "[");
        (others ? content.substring(1) : content).chars().forEach(c -> characters.append(c == '-'
                ? "-"
                : "\\x{%x}".formatted(c)));
        return characters.append(']').toString();
    }
}
