package org.ternlm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;

/// LangChain4j's own tests of what listeners hear.
class ChatModelListenerContractTest extends AbstractChatModelListenerIT {
    @Override
    protected ChatModel createModel(ChatModelListener listener) {
        return TernChatModel.of(Bundled.MODEL, new ChatDefaults(ChatRequestParameters.builder()
                .modelName(modelName()).temperature(temperature()).topP(topP()).maxOutputTokens(maxTokens()).build(),
                List.of(listener)));
    }

    @Override
    protected String modelName() {
        return Bundled.NAME;
    }

    /// Fails since no temperature is below zero.
    @Override
    protected ChatModel createFailingModel(ChatModelListener listener) {
        return TernChatModel.of(Bundled.MODEL, new ChatDefaults(
                ChatRequestParameters.builder().temperature(-1.0).build(), List.of(listener)));
    }

    @Override
    protected Class<? extends Exception> expectedExceptionClass() {
        return InvalidRequestException.class;
    }
}
