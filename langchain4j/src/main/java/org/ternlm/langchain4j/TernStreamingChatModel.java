package org.ternlm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Set;

/// A chat model whose answers come piece by piece. Safe for several threads, whose requests are computed together. A
/// handler is called by one virtual thread a request, which it may block; what it throws goes to its `onError`, and the
/// answer goes on. It hears of a request that is refused, too, but not of what Tern never does: that is thrown.
public final class TernStreamingChatModel implements StreamingChatModel {
    private final TernModel model;
    private final ChatDefaults defaults;

    private TernStreamingChatModel(TernModel model, ChatDefaults defaults) {
        this.model = model;
        this.defaults = defaults;
    }

    /// A chat model with temperature 0.7, whose answers may fill the context.
    public static TernStreamingChatModel of(TernModel model) {
        return of(model, ChatDefaults.NONE);
    }

    /// A chat model with defaults of your own.
    ///
    /// @throws dev.langchain4j.exception.UnsupportedFeatureException if they name another model
    public static TernStreamingChatModel of(TernModel model, ChatDefaults defaults) {
        return new TernStreamingChatModel(model, defaults.checkedFor(model));
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        try {
            StreamedAnswer.start(model, RequestTranslation.of(model, request), handler);
        } catch (InvalidRequestException | RateLimitException refused) {
            handler.onError(refused);
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
