package org.ternlm.chat;

import java.util.ArrayList;
import java.util.List;

/// Reads calls between tags. White space before a tag is held back, and belongs to the call if one follows.
/// Not thread-safe.
final class TaggedCallReader implements AnswerReader {
    private final List<Tool> tools;
    private final String open;
    private final String close;
    private final StringBuilder held = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    /// Whether the text held begins with a tag.
    private boolean inCall;
    /// How many of the characters held, at their start, are white space before a tag.
    private int blank;

    TaggedCallReader(List<Tool> tools, String open, String close) {
        this.tools = List.copyOf(tools);
        this.open = open;
        this.close = close;
    }

    @Override
    public String accept(String piece) {
        held.append(piece);
        StringBuilder text = new StringBuilder();
        while (inCall ? endCall(text) : startCall(text)) {
            // Until nothing more is certain.
        }
        return text.toString();
    }

    private boolean startCall(StringBuilder text) {
        int at = held.indexOf(open);
        int certain = at >= 0 ? at : held.length() - partOfTag();
        int end = certain;
        while (end > 0 && Character.isWhitespace(held.charAt(end - 1))) {
            end--;
        }
        text.append(held, 0, end);
        held.delete(0, end);
        blank = certain - end;
        inCall = at >= 0;
        return inCall;
    }

    /// How many characters at the end could be the start of a tag.
    private int partOfTag() {
        for (int length = Math.min(open.length() - 1, held.length()); length > 0; length--) {
            if (open.startsWith(held.substring(held.length() - length))) {
                return length;
            }
        }
        return 0;
    }

    private boolean endCall(StringBuilder text) {
        int bodyStart = blank + open.length();
        int at = held.indexOf(close, bodyStart);
        if (at < 0) {
            return false;
        }
        List<ToolCall> found = ToolJson.calls(held.substring(bodyStart, at).strip(), tools);
        if (found.isEmpty()) {
            text.append(held, 0, at + close.length());
        }
        calls.addAll(found);
        held.delete(0, at + close.length());
        inCall = false;
        return true;
    }

    @Override
    public String finish() {
        String rest = held.toString();
        held.setLength(0);
        if (inCall) {
            // The last tag may be what ended the answer.
            List<ToolCall> found = ToolJson.calls(rest.substring(blank + open.length()).strip(), tools);
            calls.addAll(found);
            return found.isEmpty() ? rest : "";
        }
        return !calls.isEmpty() && rest.isBlank() ? "" : rest;
    }

    @Override
    public List<ToolCall> toolCalls() {
        return List.copyOf(calls);
    }
}
