package org.ternlm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;

/// LangChain4j's own tests of what listeners hear.
class StreamingChatModelListenerContractTest extends AbstractStreamingChatModelListenerIT {
    @Override
    protected StreamingChatModel createModel(ChatModelListener listener) {
        return TernStreamingChatModel.of(Bundled.MODEL, new ChatDefaults(ChatRequestParameters.builder()
                .modelName(modelName()).temperature(temperature()).topP(topP()).maxOutputTokens(maxTokens()).build(),
                List.of(listener)));
    }

    @Override
    protected String modelName() {
        return Bundled.NAME;
    }

    /// Fails since no temperature is below zero.
    @Override
    protected StreamingChatModel createFailingModel(ChatModelListener listener) {
        return TernStreamingChatModel.of(Bundled.MODEL, new ChatDefaults(
                ChatRequestParameters.builder().temperature(-1.0).build(), List.of(listener)));
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return InvalidRequestException.class;
    }
}
