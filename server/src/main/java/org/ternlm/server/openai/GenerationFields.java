package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;

/// What requests for texts and for answers have in common.
///
/// @param model its name, or null for the one that there is
/// @param choices how many to generate for a prompt
/// @param sampling how tokens are drawn; each further choice has the next seed
/// @param stop texts that end it
/// @param ignoreEos whether the model's own end is passed over
/// @param stream whether the answer comes in pieces
/// @param includeUsage whether the last piece counts tokens
record GenerationFields(@Nullable String model, int choices, Sampling sampling, List<String> stop, boolean ignoreEos,
        boolean stream, boolean includeUsage) {
    /// The fields that this reads.
    static final Set<String> NAMES = Set.of("model", "n", "temperature", "top_p", "top_k", "min_p",
            "repetition_penalty", "presence_penalty", "frequency_penalty", "logit_bias", "seed", "stop", "ignore_eos",
            "stream", "stream_options");
    /// Fields that clients send and that change no answer of this server.
    static final Set<String> HARMLESS = Set.of("user", "metadata", "store", "service_tier", "safety_identifier",
            "prompt_cache_key", "prompt_cache_retention", "prediction", "reasoning_effort", "verbosity");
    private static final int MOST_CHOICES = 16;
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;
    private static final int MOST_BIASES = 1024;

    static GenerationFields of(Fields fields, int vocabularySize) {
        boolean stream = fields.flag("stream", false);
        Fields streamOptions = fields.object("stream_options");
        if (streamOptions != null && !stream) {
            throw fields.wrong("stream_options", "goes with stream only");
        }
        boolean includeUsage = false;
        if (streamOptions != null) {
            streamOptions.checkNames(Set.of("include_usage", "include_obfuscation"));
            includeUsage = streamOptions.flag("include_usage", false);
        }
        return new GenerationFields(fields.text("model"), fields.integer("n", 1, 1, MOST_CHOICES),
                sampling(fields, vocabularySize), stop(fields), fields.flag("ignore_eos", false), stream, includeUsage);
    }

    private static Sampling sampling(Fields fields, int vocabularySize) {
        Long seed = fields.whole("seed");
        double topP = fields.number("top_p", 1, 0, 1);
        double repetition = fields.number("repetition_penalty", 1, 0, 100);
        if (repetition == 0) {
            throw fields.wrong("repetition_penalty", "expected a number above 0, found 0");
        }
        return new Sampling(fields.number("temperature", 1, 0, 100), fields.integer("top_k", 0, 0, Integer.MAX_VALUE),
                // Of a share of nothing, the likeliest token is left.
                Math.max(topP, Double.MIN_NORMAL), fields.number("min_p", 0, 0, 1), repetition,
                fields.number("presence_penalty", 0, -100, 100), fields.number("frequency_penalty", 0, -100, 100),
                biases(fields, vocabularySize), seed != null ? seed : ThreadLocalRandom.current().nextLong());
    }

    private static Map<Integer, Double> biases(Fields fields, int vocabularySize) {
        JsonNode object = fields.get("logit_bias");
        if (object == null) {
            return Map.of();
        }
        Fields biases = Fields.of(object, "logit_bias");
        if (object.size() > MOST_BIASES) {
            throw fields.wrong("logit_bias", "expected at most %d tokens, found %d".formatted(MOST_BIASES,
                    object.size()));
        }
        Map<Integer, Double> read = new TreeMap<>();
        object.fieldNames().forEachRemaining(name -> {
            int token;
            try {
                token = Integer.parseInt(name);
            } catch (NumberFormatException e) {
                token = -1;
            }
            if (token < 0 || token >= vocabularySize) {
                throw biases.wrong(name, "expected a token from 0 to %d".formatted(vocabularySize - 1));
            }
            read.put(token, biases.number(name, 0, -100, 100));
        });
        return read;
    }

    private static List<String> stop(Fields fields) {
        JsonNode value = fields.get("stop");
        if (value == null) {
            return List.of();
        }
        List<JsonNode> values = value.isTextual() ? List.of(value) : fields.array("stop", MOST_STOPS);
        List<String> stop = new ArrayList<>();
        for (JsonNode text : values) {
            if (!text.isTextual() || text.textValue().isEmpty() || text.textValue().length() > LONGEST_STOP) {
                throw fields.wrong("stop", "a string of 1 to %d characters, or an array of them".formatted(
                        LONGEST_STOP), text);
            }
            stop.add(text.textValue());
        }
        return stop;
    }

    /// What to generate for one choice.
    GenerationRequest request(int[] prompt, int choice, int maxTokens) {
        Sampling each = new Sampling(sampling.temperature(), sampling.topK(), sampling.topP(), sampling.minP(),
                sampling.repetitionPenalty(), sampling.presencePenalty(), sampling.frequencyPenalty(),
                sampling.logitBias(), sampling.seed() + choice);
        return GenerationRequest.of(prompt).withMaxTokens(maxTokens).withSampling(each).withStopStrings(stop)
                .withIgnoreEos(ignoreEos);
    }
}
