package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.ternlm.generate.GenerationEvent.Alternative;
import org.ternlm.generate.GenerationEvent.PromptScored;
import org.ternlm.server.http.Json;
import org.ternlm.tokenizer.StreamDecoder;

/// Log-probabilities as `/v1/completions` shows them: `tokens`, `token_logprobs`, `top_logprobs` and `text_offset`, all
/// of the same length. Offsets count code points of the text that the choice has.
final class TextLogprobs {
    private final TokenTexts texts;
    private ArrayNode tokens = array();
    private ArrayNode tokenLogprobs = array();
    private ArrayNode topLogprobs = array();
    private ArrayNode textOffset = array();
    private int[] promptOffsets = {};

    TextLogprobs(TokenTexts texts) {
        this.texts = texts;
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// Begins with a prompt's first token, which has nothing before it and no probability.
    void begin(int[] prompt) {
        StreamDecoder decoder = texts.decoder();
        promptOffsets = new int[prompt.length];
        int offset = 0;
        for (int i = 0; i < prompt.length; i++) {
            promptOffsets[i] = offset;
            String certain = decoder.accept(prompt[i]);
            offset += certain.codePointCount(0, certain.length());
        }
        tokens.add(texts.text(prompt[0]));
        tokenLogprobs.addNull();
        topLogprobs.addNull();
        textOffset.add(0);
    }

    void addOfPrompt(PromptScored scored) {
        add(scored.token(), scored.logProbability(), scored.alternatives(), promptOffsets[scored.index()]);
    }

    /// @param alternatives the likeliest tokens in falling order
    /// @param offset where the token's text begins
    void add(int token, double logprob, List<Alternative> alternatives, int offset) {
        tokens.add(texts.text(token));
        tokenLogprobs.add(logprob);
        ObjectNode top = Json.object();
        for (Alternative alternative : alternatives) {
            String text = texts.text(alternative.token());
            // Of several tokens that read alike, the likeliest.
            if (!top.has(text)) {
                top.put(text, alternative.logProbability());
            }
        }
        if (!top.has(texts.text(token))) {
            top.put(texts.text(token), logprob);
        }
        topLogprobs.add(top);
        textOffset.add(offset);
    }

    /// What came since the last time.
    ObjectNode take() {
        ObjectNode all = Json.object();
        all.set("tokens", tokens);
        all.set("token_logprobs", tokenLogprobs);
        all.set("top_logprobs", topLogprobs);
        all.set("text_offset", textOffset);
        tokens = array();
        tokenLogprobs = array();
        topLogprobs = array();
        textOffset = array();
        return all;
    }
}
