package org.ternlm.chat;

import java.util.List;

/// All is text.
final class TextReader implements AnswerReader {
    @Override
    public String accept(String piece) {
        return piece;
    }

    @Override
    public String finish() {
        return "";
    }

    @Override
    public List<ToolCall> toolCalls() {
        return List.of();
    }
}
