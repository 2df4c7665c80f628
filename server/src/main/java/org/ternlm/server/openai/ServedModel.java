package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatFormat;
import org.ternlm.chat.schema.TokenVocabulary;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.Tern;
import org.ternlm.server.http.ApiException;
import org.ternlm.server.http.Json;

/// The model that a server has. Safe for several threads.
public final class ServedModel {
    private final Tern tern;
    private final Scheduler scheduler;
    private final ChatFormat format;
    private final String name;
    private final long since = System.currentTimeMillis() / 1000;
    private final Once<TokenVocabulary> vocabulary;
    private volatile boolean closing;
    private volatile boolean failed;

    /// @param name by which requests ask for it
    /// @throws org.ternlm.format.ModelFormatException if its chat template is damaged
    public ServedModel(Tern tern, Scheduler scheduler, String name) {
        this.tern = tern;
        this.scheduler = scheduler;
        this.name = name;
        format = ChatFormat.of(tern);
        vocabulary = new Once<>(() -> TokenVocabulary.of(tern.tokenizer(), tern.config().vocabularySize(), ends()));
    }

    private Set<Integer> ends() {
        Set<Integer> ends = new HashSet<>(tern.config().eosIds());
        ends.addAll(format.stopTokens());
        return ends;
    }

    Tern tern() {
        return tern;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    ChatFormat format() {
        return format;
    }

    /// The tokens' bytes; laid out when the first one asks.
    TokenVocabulary vocabulary() {
        return vocabulary.get();
    }

    /// By which requests ask for it.
    public String name() {
        return name;
    }

    /// From here on, generations are cancelled because the server stops.
    public void startClosing() {
        closing = true;
    }

    /// The model has failed, and answers nothing any more.
    void fail() {
        failed = true;
    }

    /// What `/health` says: `ok`, `stopping` or `failed`.
    public String health() {
        return failed ? "failed" : closing ? "stopping" : "ok";
    }

    /// Whether the server stops.
    boolean isClosing() {
        return closing;
    }

    int contextLength() {
        return scheduler.options().contextLength();
    }

    /// @throws ApiException if a request asks for another model
    void check(@Nullable String asked) {
        if (asked != null && !asked.equals(name)) {
            throw ApiException.field(404, "model", "model_not_found",
                    "model: there is no model of that name; this server has " + name);
        }
    }

    /// @throws ApiException if a prompt is longer than the context
    void checkLength(String parameter, int tokens) {
        if (tokens > contextLength()) {
            throw ApiException.field(400, parameter, "context_length_exceeded",
                    "%s: %d tokens, the context holds %d".formatted(parameter, tokens, contextLength()));
        }
    }

    /// As `/v1/models` lists it.
    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", name);
        json.put("object", "model");
        json.put("created", since);
        json.put("owned_by", "tern");
        json.put("context_length", contextLength());
        json.put("vocabulary_size", tern.config().vocabularySize());
        json.put("has_chat_template", format.isOfModel());
        return json;
    }

    /// A value that is computed when it is first wanted.
    private static final class Once<T> {
        private final Supplier<T> computation;
        private @Nullable T value;

        Once(Supplier<T> computation) {
            this.computation = computation;
        }

        synchronized T get() {
            T known = value;
            if (known == null) {
                known = computation.get();
                value = known;
            }
            return known;
        }
    }
}
