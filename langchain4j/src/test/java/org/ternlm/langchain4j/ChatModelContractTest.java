package org.ternlm.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;

/// LangChain4j's own tests of a chat model, as far as a model can pass them that has only read stories. Left out, by
/// overriding them with nothing: those that ask what the model knows (the capital of Germany), or to follow words (to
/// translate, to say "Hello World", to call a tool for a city that is mentioned). What they check besides is in
/// `ChatModelTest`. Images and other models than the one that is open are refused, which is tested.
class ChatModelContractTest extends AbstractChatModelIT {
    @Override
    protected List<ChatModel> models() {
        return List.of(createModelWith(Bundled.GREEDY));
    }

    @Override
    protected ChatModel createModelWith(ChatRequestParameters parameters) {
        return TernChatModel.of(Bundled.MODEL, ChatDefaults.of(parameters));
    }

    @Override
    protected void should_respect_user_message(ChatModel model) {}

    @Override
    protected void should_respect_system_message(ChatModel model) {}

    @Override
    protected void should_respect_multiple_messages(ChatModel model) {}

    @Override
    protected void should_respect_stopSequences_in_chat_request(ChatModel model) {}

    @Override
    protected void should_respect_stopSequences_in_default_model_parameters() {}

    @Override
    protected void should_execute_a_tool_then_answer(ChatModel model) {}

    @Override
    protected void should_execute_a_tool_without_arguments_then_answer(ChatModel model) {}

    @Override
    protected void should_execute_multiple_tools_in_parallel_then_answer(ChatModel model) {}

    @Override
    protected void should_force_LLM_to_execute_any_tool(ChatModel model) {}

    @Override
    protected void should_force_LLM_to_execute_specific_tool(ChatModel model) {}

    @Override
    protected void should_respect_JSON_response_format(ChatModel model) {}

    @Override
    protected void should_respect_JSON_response_format_with_schema(ChatModel model) {}

    @Override
    protected void should_respect_JsonRawSchema_responseFormat(ChatModel model) {}

    @Override
    protected void should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema(ChatModel model) {}

    @Override
    protected boolean supportsModelNameParameter() {
        return false;
    }

    @Override
    protected boolean supportsSingleImageInputAsBase64EncodedString() {
        return false;
    }

    @Override
    protected boolean supportsSingleImageInputAsPublicURL() {
        return false;
    }

    @Override
    protected boolean supportsMultipleImageInputsAsBase64EncodedStrings() {
        return false;
    }

    @Override
    protected boolean supportsMultipleImageInputsAsPublicURLs() {
        return false;
    }

    @Override
    protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
        return createParameters(maxOutputTokens);
    }
}
