package org.ternlm.eval.task;

import java.util.List;
import java.util.Map;

/// LAMBADA (Paperno et al. 2016, arXiv 1606.06031), in OpenAI's edition: the last word of a passage, which nobody can
/// guess from the last sentence alone.
final class Lambada {
    static final Task TASK = new Task("lambada", "LA", "LAMBADA (OpenAI)", Task.Kind.LAST_WORD,
            Map.of(Style.HARNESS, new PromptStyle("{context}", " {choice}", null, Measure.RAW)),
            Map.of(Style.HARNESS, List.of("full/lambada_openai.jsonl", "full/lambada.jsonl")),
            "huggingface.co/datasets/EleutherAI/lambada_openai as JSON lines: {text}, or {context, continuation}",
            Lambada::read);

    private Lambada() {}

    private static Item read(JsonLine line, Style style) {
        if (line.has("context")) {
            return item(line, line.text("context"), line.text("continuation").strip());
        }
        String text = line.text("text");
        int end = text.lastIndexOf(' ');
        if (end < 1 || end == text.length() - 1) {
            throw line.unknown("a text of several words that ends with a word");
        }
        return item(line, text.substring(0, end), text.substring(end + 1));
    }

    private static Item item(JsonLine line, String context, String word) {
        if (word.isEmpty()) {
            throw line.unknown("a last word");
        }
        return new Item(line.id("id"), Map.of("context", context), List.of(word), 0);
    }
}
