package org.ternlm.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.chat.ChatPrompt;

/// Counts tokens as the model does: exactly, with what its template puts around messages. Safe for several threads.
public final class TernTokenCountEstimator implements TokenCountEstimator {
    private final TernModel model;

    /// Counts for a model.
    public TernTokenCountEstimator(TernModel model) {
        this.model = model;
    }

    @Override
    public int estimateTokenCountInText(String text) {
        return model.tern().tokenizer().encode(text, false).length;
    }

    /// As if it were the only message, with the beginning of the answer.
    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return count(List.of(message));
    }

    /// All of them as one prompt, with the beginning of the answer; 0 of none.
    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        List<ChatMessage> all = new ArrayList<>();
        messages.forEach(all::add);
        return all.isEmpty() ? 0 : count(all);
    }

    private int count(List<ChatMessage> messages) {
        return model.format().tokens(ChatPrompt.of(MessageTranslation.of(messages))).length;
    }
}
