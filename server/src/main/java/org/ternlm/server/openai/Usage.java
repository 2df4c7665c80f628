package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.PromptPassed;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.server.http.Json;

/// The tokens that an answer took. A prompt counts once, however many choices it has.
final class Usage {
    private final int choices;
    private final boolean countsGenerated;
    private long prompt;
    private long reused;
    private long generated;

    /// @param choices of each prompt
    /// @param countsGenerated whether generated tokens become part of the answer
    Usage(int choices, boolean countsGenerated) {
        this.choices = choices;
        this.countsGenerated = countsGenerated;
    }

    void accept(int index, GenerationEvent event) {
        if (event instanceof PromptPassed passed && index % choices == 0) {
            prompt += passed.tokens();
            reused += passed.reused();
        } else if (event instanceof TokenChosen && countsGenerated) {
            generated++;
        }
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("prompt_tokens", prompt);
        json.put("completion_tokens", generated);
        json.put("total_tokens", prompt + generated);
        json.putObject("prompt_tokens_details").put("cached_tokens", reused);
        return json;
    }
}
