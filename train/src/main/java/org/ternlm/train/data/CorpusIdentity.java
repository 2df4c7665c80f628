package org.ternlm.train.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.ternlm.tokenizer.Tokenizer;

/// Everything that decides what the shards of a corpus hold, as JSON: the tokenizer and the sources by content, not by
/// where they lie, and how documents are made of them.
record CorpusIdentity(ObjectNode json) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_DIFFERENCES = 3;

    /// Reads and hashes the tokenizer and all sources.
    ///
    /// @param bytesRead is told how many bytes were read, again and again
    static CorpusIdentity of(CorpusPlan plan, Tokenizer tokenizer, LongConsumer bytesRead) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode tokenizerNode = json.putObject("tokenizer");
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Path file = plan.tokenizer().resolve(name);
            if (Files.isRegularFile(file)) {
                tokenizerNode.put(name, Hashes.sha256(file, bytesRead));
            }
        }
        json.put("vocabulary_size", tokenizer.vocabularySize()).put("bos", plan.addBos()).put("eos", plan.addEos())
                .put("validation_share", plan.validationShare());
        addSources(json.putArray("training"), plan.training(), bytesRead);
        addSources(json.putArray("validation"), plan.validation(), bytesRead);
        // As it will be read again: numbers have one type there.
        return new CorpusIdentity((ObjectNode) JSON.readTree(JSON.writeValueAsBytes(json)));
    }

    private static void addSources(ArrayNode nodes, List<TextSource> sources, LongConsumer bytesRead)
            throws IOException {
        for (TextSource source : sources) {
            ObjectNode node = nodes.addObject().put("separator", source.separator()).put("json_key", source.jsonKey())
                    .put("replace_invalid", source.replaceInvalid()).put("repeats", source.repeats());
            ObjectNode files = node.putObject("files");
            for (SourceFile file : SourceFile.of(source)) {
                files.putObject(file.name()).put("bytes", Files.size(file.path())).put("sha256",
                        Hashes.sha256(file.path(), bytesRead));
            }
        }
    }

    int vocabularySize() {
        return json.path("vocabulary_size").asInt();
    }

    /// How often documents of each training source appear in an epoch.
    int[] repeats() {
        JsonNode sources = json.path("training");
        int[] repeats = new int[sources.size()];
        for (int i = 0; i < repeats.length; i++) {
            repeats[i] = Math.max(1, sources.path(i).path("repeats").asInt(1));
        }
        return repeats;
    }

    /// The hash that a file of a source had.
    String sha256(String split, int source, SourceFile file) {
        return json.path(split).path(source).path("files").path(file.name()).path("sha256").asText();
    }

    /// SHA-256 of all this.
    String fingerprint() {
        try {
            return Hashes.sha256(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    /// The first few differences to what is found now, for a message; empty if there are none.
    String differencesTo(CorpusIdentity found) {
        List<String> differences = new ArrayList<>();
        collect("", json, found.json, differences);
        int more = differences.size() - MOST_DIFFERENCES;
        return String.join("; ", differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())))
                + (more > 0 ? "; and %,d more".formatted(more) : "");
    }

    private static void collect(String place, JsonNode expected, JsonNode found, List<String> differences) {
        if (expected.isObject() && found.isObject()) {
            TreeSet<String> keys = new TreeSet<>();
            expected.fieldNames().forEachRemaining(keys::add);
            found.fieldNames().forEachRemaining(keys::add);
            keys.forEach(key -> collect(place.isEmpty() ? key : place + ", " + key, expected.path(key), found.path(key),
                    differences));
        } else if (expected.isArray() && found.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
                collect(place + " source " + (i + 1), expected.path(i), found.path(i), differences);
            }
        } else if (!expected.equals(found)) {
            differences.add(place + ": expected " + shown(expected) + ", found " + shown(found));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "none" : node.isContainerNode() ? "one" : node.asText();
    }
}
