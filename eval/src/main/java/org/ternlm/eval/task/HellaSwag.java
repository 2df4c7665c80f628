package org.ternlm.eval.task;

import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// HellaSwag (Zellers et al. 2019, arXiv 1905.07830): how a description of an activity goes on.
final class HellaSwag {
    private static final Pattern BRACKETS = Pattern.compile("\\[.*?\\]");

    static final Task TASK = new Task("hellaswag", "HS", "HellaSwag", Task.Kind.CHOICE,
            Map.of(HARNESS, new PromptStyle("{context}", " {choice}", "", Measure.RAW),
                    OLMES, new PromptStyle("{context}", " {choice}", "Answer:", Measure.CHARACTER)),
            Map.of(HARNESS, List.of("full/hellaswag.jsonl", "full/hellaswag.txt", "full/hellaswag.txt.bz2"),
                    OLMES, List.of("olmes/hellaswag_5shot/requests.jsonl.gz", "olmes/hellaswag/requests.jsonl.gz")),
            "github.com/rowanz/hellaswag (data/hellaswag_val.jsonl): {activity_label, ctx_a, ctx_b, endings, label}, or plain text of six lines an item",
            HellaSwag::read);

    private HellaSwag() {}

    private static Item read(JsonLine line, Style style) {
        if (line.has("query")) {
            List<String> choices = line.choices("choices");
            return new Item(line.id("ind"), Map.of("context", line.text("query")), choices,
                    line.index("gold", choices.size()));
        }
        String context = line.text("activity_label") + ": " + line.text("ctx_a") + " " + capitalized(line.text(
                "ctx_b"));
        List<String> endings = line.choices("endings").stream().map(ending -> cleaned(ending, style)).toList();
        return new Item(line.id("ind"), Map.of("context", cleaned(context, style)), endings,
                line.index("label", endings.size()));
    }

    /// An item of the plain text form, which is clean but for the capital that the last sentence lacks: that begins
    /// behind the last full stop, or behind the activity.
    static Item plain(String id, String context, List<String> endings, int gold, Style style) {
        int start = Math.max(Math.max(context.lastIndexOf(". "), context.lastIndexOf("! ")),
                Math.max(context.lastIndexOf("? "), context.indexOf(": "))) + 2;
        String whole = start < 2 || start >= context.length()
                ? context
                : context.substring(0, start) + context.substring(start, start + 1).toUpperCase(Locale.ROOT)
                        + context.substring(start + 1);
        return new Item(id, Map.of("context", single(whole, style)), endings.stream().map(ending -> single(ending,
                style)).toList(), gold);
    }

    /// Without the tags that WikiHow has left, and without some of the double blanks that they leave.
    private static String cleaned(String text, Style style) {
        String stripped = text.strip().replace(" [title]", ". ");
        return single(BRACKETS.matcher(stripped).replaceAll("").replace("  ", " "), style);
    }

    /// A tag behind a full stop gives a second one, which OLMES takes away and the harness leaves.
    private static String single(String text, Style style) {
        return style == OLMES ? text.replace(".. ", ". ") : text;
    }

    /// As Python's `capitalize`: the first letter large, all others small.
    private static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1).toLowerCase(Locale.ROOT);
    }
}
