package org.ternlm.chat;

/// Where a JSON object or array ends.
final class JsonEnd {
    private JsonEnd() {}

    /// The index behind the end of the value that starts at `start` with a bracket; -1 if the text ends before it.
    static int of(CharSequence text, int start) {
        int depth = 0;
        boolean inString = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
