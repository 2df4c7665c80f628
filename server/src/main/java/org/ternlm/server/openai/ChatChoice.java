package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.AnswerReader;
import org.ternlm.chat.ToolCall;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.Alternative;
import org.ternlm.generate.GenerationEvent.Finished;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.server.http.Json;

/// An assistant's message, as `/v1/chat/completions` gives it.
final class ChatChoice implements Choice {
    private final int index;
    private final AnswerReader reader;
    private final boolean oneCall;
    private final TokenTexts texts;
    private final boolean hasLogprobs;
    private final StringBuilder content = new StringBuilder();
    private ArrayNode logprobs = JsonNodeFactory.instance.arrayNode();
    private @Nullable FinishReason reason;
    private int sentCalls;

    /// @param reader tells text from tool calls
    ChatChoice(int index, ChatRequest request, AnswerReader reader, TokenTexts texts) {
        this.index = index;
        this.reader = reader;
        this.texts = texts;
        oneCall = request.tools().oneCall();
        hasLogprobs = request.logprobs() >= 0;
    }

    @Override
    public boolean accept(GenerationEvent event) {
        boolean enough = isEnough();
        if (event instanceof TokenChosen chosen && !enough) {
            if (hasLogprobs) {
                addLogprobs(chosen);
            }
            content.append(reader.accept(chosen.text()));
        } else if (event instanceof Finished finished) {
            if (!enough) {
                content.append(reader.accept(finished.text())).append(reader.finish());
            }
            reason = finished.reason();
        }
        return !isEnough();
    }

    private boolean isEnough() {
        return oneCall && !reader.toolCalls().isEmpty();
    }

    private List<ToolCall> calls() {
        List<ToolCall> calls = reader.toolCalls();
        return oneCall && calls.size() > 1 ? calls.subList(0, 1) : calls;
    }

    private void addLogprobs(TokenChosen chosen) {
        ObjectNode entry = entry(chosen.token(), chosen.logProbability());
        ArrayNode top = entry.putArray("top_logprobs");
        for (Alternative alternative : chosen.alternatives()) {
            top.add(entry(alternative.token(), alternative.logProbability()));
        }
        logprobs.add(entry);
    }

    private ObjectNode entry(int token, double logprob) {
        ObjectNode entry = Json.object();
        entry.put("token", texts.text(token));
        entry.put("logprob", logprob);
        texts.addBytes(token, entry.putArray("bytes"));
        return entry;
    }

    @Override
    public ObjectNode opening() {
        ObjectNode delta = Json.object();
        delta.put("role", "assistant");
        delta.put("content", "");
        return piece(delta);
    }

    @Override
    public @Nullable ObjectNode piece() {
        List<ToolCall> calls = calls();
        boolean hasNews = !content.isEmpty() || calls.size() > sentCalls || !logprobs.isEmpty() || reason != null;
        if (!hasNews) {
            return null;
        }
        ObjectNode delta = Json.object();
        if (!content.isEmpty()) {
            delta.put("content", content.toString());
            content.setLength(0);
        }
        if (calls.size() > sentCalls) {
            ArrayNode array = delta.putArray("tool_calls");
            while (sentCalls < calls.size()) {
                array.add(call(calls.get(sentCalls)).put("index", sentCalls++));
            }
        }
        return piece(delta);
    }

    private ObjectNode piece(ObjectNode delta) {
        ObjectNode choice = Json.object();
        choice.put("index", index);
        choice.set("delta", delta);
        return end(choice);
    }

    @Override
    public ObjectNode whole() {
        List<ToolCall> calls = calls();
        ObjectNode choice = Json.object();
        choice.put("index", index);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.putNull("refusal");
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            calls.forEach(call -> array.add(call(call)));
        }
        return end(choice);
    }

    /// Adds what stands at the end of pieces and messages.
    private ObjectNode end(ObjectNode choice) {
        if (hasLogprobs) {
            ObjectNode object = choice.putObject("logprobs");
            object.set("content", logprobs);
            object.putNull("refusal");
            logprobs = JsonNodeFactory.instance.arrayNode();
        } else {
            choice.putNull("logprobs");
        }
        choice.put("finish_reason", reason == null
                ? null
                : calls().isEmpty() ? FinishWords.of(reason) : "tool_calls");
        return choice;
    }

    private static ObjectNode call(ToolCall call) {
        ObjectNode json = Json.object();
        json.put("id", call.id());
        json.put("type", "function");
        json.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return json;
    }
}
