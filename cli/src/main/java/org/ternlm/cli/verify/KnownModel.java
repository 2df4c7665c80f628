package org.ternlm.cli.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A model whose bytes and perplexity are known. They are listed in the resource `known-models.json`.
///
/// @param name what a person calls it
/// @param about what it is
/// @param hub the repository of a hub that has it
/// @param path where it lies below the program's home, if it does
/// @param file of its files the one with the weights
/// @param sha256 of that file
/// @param text token lists to score, a JSON line each, below the program's home; null for WikiText-2's test set, which
/// the user must have
/// @param context tokens of a window; 0 for whole token lists
/// @param perplexity that others measured
/// @param within how far from it is right
/// @param source who did
record KnownModel(@JsonProperty(required = true) String name, @JsonProperty(required = true) String about,
        @Nullable String hub, @Nullable String path, @JsonProperty(required = true) String file,
        @JsonProperty(required = true) String sha256, @Nullable String text, int context, double perplexity,
        double within, @JsonProperty(required = true) String source) {

    /// All of them.
    static List<KnownModel> all() {
        try (InputStream in = Objects.requireNonNull(KnownModel.class.getResourceAsStream("known-models.json"))) {
            return List.of(new JsonMapper().readValue(in, KnownModel[].class));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
