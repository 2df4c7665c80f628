package org.ternlm.chat;

import java.util.List;

/// Tells text from tool calls while an answer comes. What may still become a tool call is held back.
public interface AnswerReader {
    /// Takes a piece of the answer.
    ///
    /// @return text that is certain to be text; often the piece, sometimes nothing
    String accept(String piece);

    /// The answer has ended.
    ///
    /// @return what was held back and is no tool call after all
    String finish();

    /// The tool calls so far, complete ones only.
    List<ToolCall> toolCalls();
}
