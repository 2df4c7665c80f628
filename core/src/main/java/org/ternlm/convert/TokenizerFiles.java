package org.ternlm.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufMetadata;
import org.ternlm.format.gguf.GgufValue;
import org.ternlm.model.ModelConfig;
import org.ternlm.tokenizer.GgufTokenizerWriter;
import org.ternlm.tokenizer.Tokenizer;
import org.ternlm.tokenizer.TokenizerJsonWriter;

/// The tokenizer of a model and what else is said about it, from either format to either.
final class TokenizerFiles {
    private static final List<String> COPIED = List.of("tokenizer.json", "tokenizer.model", "tokenizer_config.json",
            "generation_config.json", "chat_template.jinja", "special_tokens_map.json", "added_tokens.json");
    private static final Set<String> OWN = Set.of("general.architecture", "general.file_type",
            "general.quantization_version", "general.alignment");
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final long LARGEST_CONFIGURATION = 16_000_000;

    private TokenizerFiles() {}

    /// Puts what a GGUF file says of itself, or the name of a folder.
    static void putGeneral(Path in, GgufEntries entries) {
        if (!GgufFile.isNamed(in)) {
            Path name = in.toAbsolutePath().normalize().getFileName();
            entries.put("general.name", name == null ? "model" : name.toString());
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            copy(GgufFile.open(in, arena).metadata(), "general.", entries);
        }
    }

    /// Puts the tokenizer: a GGUF file's as it is, a folder's in GGUF's words.
    ///
    /// @throws ModelFormatException if GGUF cannot express it
    static void put(Path in, ModelConfig config, GgufEntries entries) throws IOException {
        if (GgufFile.isNamed(in)) {
            try (Arena arena = Arena.ofConfined()) {
                copy(GgufFile.open(in, arena).metadata(), "tokenizer.", entries);
            }
            return;
        }
        Tokenizer tokenizer = Tokenizer.load(in);
        TreeSet<Integer> ends = new TreeSet<>(config.eosIds());
        OptionalInt named = tokenizer.eosId();
        int end = named.isPresent() && (ends.isEmpty() || ends.contains(named.getAsInt()))
                ? named.getAsInt()
                : ends.isEmpty() ? -1 : ends.first();
        ends.remove(end);
        GgufTokenizerWriter.entries(tokenizer, in, config.vocabularySize(), new GgufTokenizerWriter.Ids(
                tokenizer.bosId().orElse(config.bosId()), end)).metadata(in).values().forEach(entries::put);
        putEnds(in, ends, entries);
        chatTemplate(in).ifPresent(template -> entries.put(TEMPLATE, template));
    }

    /// GGUF has three places for tokens that end a generation.
    private static void putEnds(Path in, Set<Integer> ends, GgufEntries entries) {
        List<String> places = List.of("eot", "eom");
        if (ends.size() > places.size()) {
            throw ModelFormatException.in(in).at("eos_token_id").expected("at most three tokens for GGUF")
                    .found(ends.size() + 1).problem();
        }
        List<Integer> rest = new ArrayList<>(ends);
        for (int i = 0; i < rest.size(); i++) {
            entries.put("tokenizer.ggml." + places.get(i) + "_token_id", rest.get(i));
        }
    }

    private static void copy(GgufMetadata metadata, String prefix, GgufEntries entries) {
        for (Map.Entry<String, GgufValue> entry : metadata.values().entrySet()) {
            if (entry.getKey().startsWith(prefix) && !OWN.contains(entry.getKey())) {
                entries.put(entry.getKey(), entry.getValue());
            }
        }
    }

    /// Writes the tokenizer into the folder `out`: a folder's as it is, a GGUF file's as `tokenizer.json`.
    ///
    /// @throws ModelFormatException if that cannot express it
    static void write(Path in, Path out) throws IOException {
        if (!GgufFile.isNamed(in)) {
            for (String name : COPIED) {
                if (Files.exists(in.resolve(name))) {
                    Files.copy(in.resolve(name), out.resolve(name));
                }
            }
            return;
        }
        Optional<String> template;
        try (Arena arena = Arena.ofConfined()) {
            template = GgufFile.open(in, arena).metadata().optionalText(TEMPLATE);
        }
        TokenizerJsonWriter.write(Tokenizer.load(in), in, template, out);
    }

    private static Optional<String> chatTemplate(Path folder) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return Optional.of(Files.readString(file));
        }
        Path configuration = folder.resolve("tokenizer_config.json");
        if (!Files.exists(configuration)) {
            return Optional.empty();
        }
        ObjectNode json = JsonFile.read(configuration, LARGEST_CONFIGURATION);
        JsonNode template = json.path("chat_template");
        // Several have names; the usual one is the one to take along.
        for (JsonNode named : template) {
            if (named.path("name").asText().equals("default")) {
                template = named.path("template");
            }
        }
        return template.isTextual() ? Optional.of(template.textValue()) : Optional.empty();
    }
}
