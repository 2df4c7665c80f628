package org.ternlm.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.ternlm.eval.measure.TaskRun;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Tern;

/// Texts that may follow, as tokens behind those that they follow.
final class Choices {
    private Choices() {}

    /// As evaluation divides them: an empty context is the token that starts a text, or else the one that ends one.
    ///
    /// @param contexts one for each continuation
    /// @throws RowException if one cannot be scored
    static List<Continuation> of(Tern tern, List<String> contexts, List<String> continuations) {
        if (contexts.size() != continuations.size()) {
            throw new RowException("%d contexts, %d continuations".formatted(contexts.size(), continuations.size()));
        }
        OptionalInt beginning = TaskRun.beginning(tern);
        List<Continuation> choices = new ArrayList<>();
        for (int i = 0; i < contexts.size(); i++) {
            try {
                choices.add(Continuation.of(tern.tokenizer(), beginning, contexts.get(i), continuations.get(i)));
            } catch (IllegalArgumentException wrong) {
                throw new RowException("continuation %d: %s".formatted(i + 1, wrong.getMessage()));
            }
        }
        return choices;
    }

    /// Tokens that are read or scored.
    static int tokens(List<Continuation> choices) {
        return choices.stream().mapToInt(Continuation::length).sum();
    }
}
