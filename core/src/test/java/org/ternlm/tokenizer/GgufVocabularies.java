package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ternlm.format.gguf.GgufBuilder;

/// Puts the tokenizers of Hugging Face folders into GGUF files, for tests.
public final class GgufVocabularies {
    private GgufVocabularies() {}

    /// The byte-level tokenizer of a `tokenizer.json`, with merges.
    public static GgufBuilder byteLevel(GgufBuilder file, Path json) throws IOException {
        JsonNode root = new ObjectMapper().readTree(json.toFile());
        String[] pieces = pieces(root);
        int[] kinds = kinds(root, pieces);
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : root.get("model").get("merges")) {
            merges.add(merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
        }
        return file.put("tokenizer.ggml.model", "gpt2").put("tokenizer.ggml.tokens", Arrays.asList(pieces))
                .put("tokenizer.ggml.token_type", kinds).put("tokenizer.ggml.merges", merges);
    }

    /// The SentencePiece tokenizer of a `tokenizer.json` whose pieces stand in the order of their merges: the scores are
    /// those places.
    public static GgufBuilder sentencePiece(GgufBuilder file, Path json) throws IOException {
        JsonNode root = new ObjectMapper().readTree(json.toFile());
        String[] pieces = pieces(root);
        float[] scores = new float[pieces.length];
        for (int id = 0; id < pieces.length; id++) {
            scores[id] = -id;
        }
        return file.put("tokenizer.ggml.model", "llama").put("tokenizer.ggml.tokens", Arrays.asList(pieces))
                .put("tokenizer.ggml.token_type", kinds(root, pieces)).put("tokenizer.ggml.scores", scores)
                .put("tokenizer.ggml.unknown_token_id", 0);
    }

    private static String[] pieces(JsonNode root) {
        int size = 0;
        JsonNode vocabulary = root.get("model").get("vocab");
        for (JsonNode id : vocabulary) {
            size = Math.max(size, id.asInt() + 1);
        }
        for (JsonNode token : root.get("added_tokens")) {
            size = Math.max(size, token.get("id").asInt() + 1);
        }
        String[] pieces = new String[size];
        Arrays.fill(pieces, "");
        vocabulary.properties().forEach(entry -> pieces[entry.getValue().asInt()] = entry.getKey());
        root.get("added_tokens").forEach(token -> pieces[token.get("id").asInt()] = token.get("content").asText());
        return pieces;
    }

    private static int[] kinds(JsonNode root, String[] pieces) {
        int[] kinds = new int[pieces.length];
        for (int id = 0; id < kinds.length; id++) {
            kinds[id] = ByteRun.value(pieces[id]) < 0 ? 1 : 6;
        }
        for (JsonNode token : root.get("added_tokens")) {
            kinds[token.get("id").asInt()] = token.get("special").asBoolean() ? 3 : 4;
        }
        return kinds;
    }
}
