package org.ternlm.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.List;

/// What a chat model does where a request does not say otherwise.
///
/// @param parameters of requests
/// @param listeners hear of requests, responses and errors
public record ChatDefaults(ChatRequestParameters parameters, List<ChatModelListener> listeners) {
    /// No parameters, no listeners.
    public static final ChatDefaults NONE = new ChatDefaults(DefaultChatRequestParameters.EMPTY, List.of());

    public ChatDefaults {
        listeners = List.copyOf(listeners);
    }

    /// Parameters without listeners.
    public static ChatDefaults of(ChatRequestParameters parameters) {
        return new ChatDefaults(parameters, List.of());
    }

    ChatDefaults checkedFor(TernModel model) {
        model.checkName(parameters.modelName());
        return this;
    }
}
