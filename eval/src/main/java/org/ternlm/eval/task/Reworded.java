package org.ternlm.eval.task;

import java.util.Map;

/// Reads items that someone has already worded: `{query, choices, gold}`, with the question between a first word and
/// `Answer:`. The wording is taken off, so that every style starts from the question itself.
final class Reworded {
    private Reworded() {}

    /// An item whose query is a question.
    static Item question(JsonLine line) {
        return question(line, "Question: ");
    }

    /// An item whose query is a question behind `prefix`, if that is there.
    static Item question(JsonLine line, String prefix) {
        var choices = line.choices("choices");
        return new Item(line.id("id", "idx", "ind"), Map.of("question", bare(line.text("query"), prefix)), choices,
                line.index("gold", choices.size()));
    }

    /// `query` without `prefix` and what asks for the answer.
    static String bare(String query, String prefix) {
        String bare = query.startsWith(prefix) ? query.substring(prefix.length()) : query;
        for (String suffix : new String[] {"\nAnswer:", "\n"}) {
            if (bare.endsWith(suffix)) {
                return bare.substring(0, bare.length() - suffix.length());
            }
        }
        return bare;
    }
}
