package org.ternlm.chat;

import java.util.ArrayList;
import java.util.List;

/// Reads calls that are the whole answer: JSON objects or lists, with white space, `;` or `,` between them, perhaps behind a
/// mark. The first thing that is neither makes all the rest text. Not thread-safe.
final class BareCallReader implements AnswerReader {
    private static final List<String> KEYS = List.of("name", "arguments", "parameters", "type", "id", "function");

    private final List<Tool> tools;
    private final String mark;
    private final StringBuilder held = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private boolean isText;

    BareCallReader(List<Tool> tools, String mark) {
        this.tools = List.copyOf(tools);
        this.mark = mark;
    }

    @Override
    public String accept(String piece) {
        if (isText) {
            return piece;
        }
        held.append(piece);
        while (takeCall()) {
            // One after the other.
        }
        return isText ? released() : "";
    }

    private String released() {
        String text = held.toString();
        held.setLength(0);
        return text;
    }

    /// Takes a call from what is held; false if there is no whole one, or what is there is text.
    private boolean takeCall() {
        int start = start();
        if (start < 0 || start == held.length()) {
            isText = start < 0;
            return false;
        }
        if (cannotBeCall(start)) {
            isText = true;
            return false;
        }
        int end = JsonEnd.of(held, start);
        if (end < 0) {
            return false;
        }
        List<ToolCall> found = ToolJson.calls(held.substring(start, end), tools);
        isText = found.isEmpty();
        if (isText) {
            return false;
        }
        calls.addAll(found);
        held.delete(0, end);
        return true;
    }

    /// Where JSON starts or may start; -1 if text stands there.
    private int start() {
        int at = blankEnd(0);
        if (calls.isEmpty()) {
            int common = common(at);
            if (common == held.length() - at && common < mark.length()) {
                return held.length();
            }
            at = common == mark.length() ? blankEnd(at + common) : at;
        } else if (at < held.length() && (held.charAt(at) == ';' || held.charAt(at) == ',')) {
            at = blankEnd(at + 1);
        }
        return at == held.length() || held.charAt(at) == '{' || held.charAt(at) == '[' ? at : -1;
    }

    private int blankEnd(int from) {
        int at = from;
        while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
            at++;
        }
        return at;
    }

    private int common(int from) {
        int length = 0;
        while (length < mark.length() && from + length < held.length()
                && held.charAt(from + length) == mark.charAt(length)) {
            length++;
        }
        return length;
    }

    /// Whether the first member is one that no call has: then a long JSON answer need not wait for its end.
    private boolean cannotBeCall(int start) {
        int at = blankEnd(start + 1);
        if (held.charAt(start) == '[') {
            if (at < held.length() && held.charAt(at) != '{') {
                return true;
            }
            at = blankEnd(Math.min(at + 1, held.length()));
        }
        if (at >= held.length()) {
            return false;
        }
        int end = held.indexOf("\"", at + 1);
        return held.charAt(at) != '"' || end >= 0 && !KEYS.contains(held.substring(at + 1, end));
    }

    @Override
    public String finish() {
        boolean onlyBlank = held.toString().isBlank() || held.toString().strip().equals(";");
        String rest = released();
        return !calls.isEmpty() && onlyBlank ? "" : rest;
    }

    @Override
    public List<ToolCall> toolCalls() {
        return List.copyOf(calls);
    }
}
