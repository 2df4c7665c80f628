package org.ternlm.langchain4j;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;
import org.ternlm.generate.Generation;
import org.ternlm.generate.Ticket;

/// A chat model that answers at once, when the whole answer is there. Safe for several threads, whose requests are
/// computed together. An interrupted caller cancels its request.
public final class TernChatModel implements ChatModel {
    private final TernModel model;
    private final ChatDefaults defaults;

    private TernChatModel(TernModel model, ChatDefaults defaults) {
        this.model = model;
        this.defaults = defaults;
    }

    /// A chat model with temperature 0.7, whose answers may fill the context.
    public static TernChatModel of(TernModel model) {
        return of(model, ChatDefaults.NONE);
    }

    /// A chat model with defaults of your own.
    ///
    /// @throws dev.langchain4j.exception.UnsupportedFeatureException if they name another model
    public static TernChatModel of(TernModel model, ChatDefaults defaults) {
        return new TernChatModel(model, defaults.checkedFor(model));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        RequestTranslation translation = RequestTranslation.of(model, request);
        Ticket ticket = Submission.of(model, translation, event -> {});
        try {
            Generation generation = ticket.await();
            Answer answer = new Answer(model.name(), model.format().reader(translation.tools()));
            answer.accept(generation.text());
            answer.finish();
            return answer.response(generation);
        } catch (InterruptedException e) {
            ticket.cancel();
            Thread.currentThread().interrupt();
            throw new LangChain4jException("interrupted while the model answered", e);
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return defaults.parameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return defaults.listeners();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
