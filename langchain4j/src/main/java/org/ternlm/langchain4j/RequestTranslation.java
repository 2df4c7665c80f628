package org.ternlm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatPrompt;
import org.ternlm.chat.ChatTemplateException;
import org.ternlm.chat.Tool;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.chat.schema.UnsupportedSchemaException;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;

/// LangChain4j's requests as Tern's.
///
/// @param request what to generate
/// @param tools what the model may ask for; none where it may not
record RequestTranslation(GenerationRequest request, List<Tool> tools) {
    private static final double TEMPERATURE = 0.7;

    /// @throws UnsupportedFeatureException if the request asks for what Tern does not do
    /// @throws InvalidRequestException if it cannot be kept to
    static RequestTranslation of(TernModel model, ChatRequest request) {
        ChatRequestParameters parameters = request.parameters();
        model.checkName(parameters.modelName());
        List<Tool> tools = parameters.toolChoice() == ToolChoice.NONE
                ? List.of()
                : JsonTranslation.tools(parameters.toolSpecifications());
        try {
            ChatPrompt prompt = new ChatPrompt(MessageTranslation.of(request.messages()), tools);
            int[] tokens = model.format().tokens(prompt);
            return new RequestTranslation(generation(model, tokens, parameters, grammar(model, parameters, tools)),
                    tools);
        } catch (IllegalArgumentException | ChatTemplateException | UnsupportedSchemaException problem) {
            throw new InvalidRequestException(problem.getMessage(), problem);
        }
    }

    private static @Nullable JsonGrammar grammar(TernModel model, ChatRequestParameters parameters, List<Tool> tools) {
        if (parameters.toolChoice() == ToolChoice.REQUIRED) {
            if (tools.isEmpty()) {
                throw new IllegalArgumentException("tool choice: a tool is required, and there is none");
            }
            return model.format().callOf(tools);
        }
        JsonGrammar answer = JsonTranslation.grammar(parameters.responseFormat());
        if (answer != null && !tools.isEmpty()) {
            return JsonGrammar.anyOf(List.of(answer, model.format().callOf(tools)));
        }
        return answer;
    }

    private static GenerationRequest generation(TernModel model, int[] tokens, ChatRequestParameters parameters,
            @Nullable JsonGrammar grammar) {
        int room = model.contextLength() - tokens.length;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "the messages have %d tokens, the context holds %d".formatted(tokens.length,
                            model.contextLength()));
        }
        int most = parameters.maxOutputTokens() == null ? room : Math.min(room, parameters.maxOutputTokens());
        List<String> stop = new ArrayList<>(model.format().stopStrings());
        stop.addAll(parameters.stopSequences());
        return GenerationRequest.of(tokens).withMaxTokens(most).withSampling(sampling(parameters)).withStopStrings(stop)
                .withStopTokens(model.format().stopTokens())
                .withMask(grammar == null ? null : grammar.mask(model.vocabulary()));
    }

    private static Sampling sampling(ChatRequestParameters parameters) {
        return new Sampling(or(parameters.temperature(), TEMPERATURE),
                parameters.topK() == null ? 0 : parameters.topK(), or(parameters.topP(), 1), 0, 1,
                or(parameters.presencePenalty(), 0), or(parameters.frequencyPenalty(), 0), Map.of(),
                ThreadLocalRandom.current().nextLong());
    }

    private static double or(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
