package org.ternlm.eval.task;

import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// BoolQ (Clark et al. 2019, arXiv 1905.10044): yes or no, after a passage.
final class BoolQ {
    private static final String QUESTION = "\nQuestion: ";
    private static final String BEHIND_TITLE = " -- ";

    static final Task TASK = new Task("boolq", "BQ", "BoolQ", Task.Kind.CHOICE,
            Map.of(HARNESS, new PromptStyle("{passage}\nQuestion: {question}?\nAnswer:", " {choice}", "", Measure.RAW),
                    OLMES, new PromptStyle("{title} -- {passage}\nQuestion: {question}?\nAnswer:", " {choice}", null,
                            Measure.RAW)),
            Map.of(HARNESS, List.of("full/boolq.jsonl"), OLMES, List.of("olmes/boolq/requests.jsonl.gz")),
            "github.com/google-research-datasets/boolean-questions (dev.jsonl): {title, question, passage, answer}, or {query, choices, gold}",
            BoolQ::read);

    private BoolQ() {}

    private static Item read(JsonLine line, Style style) {
        // The harness asks no first, OLMES yes first; that matters where both are equally likely.
        List<String> choices = style == OLMES ? List.of("yes", "no") : List.of("no", "yes");
        Map<String, String> texts = new HashMap<>();
        boolean yes;
        if (line.has("query")) {
            split(line, texts);
            List<String> found = line.choices("choices");
            yes = found.get(line.index("gold", found.size())).equals("yes");
        } else {
            texts.put("passage", titled(line.text("passage"), texts));
            if (line.has("title")) {
                texts.put("title", line.text("title"));
            }
            texts.put("question", line.text("question"));
            yes = line.flag(line.has("answer") ? "answer" : "label");
        }
        return new Item(line.id("idx", "id"), texts, choices, choices.indexOf(yes ? "yes" : "no"));
    }

    /// `Passage: …\nQuestion: …?`, or `title -- passage\nQuestion: …?\nAnswer:`.
    private static void split(JsonLine line, Map<String, String> texts) {
        String query = Reworded.bare(line.text("query"), "Passage: ");
        int question = query.lastIndexOf(QUESTION);
        if (question < 0) {
            throw line.unknown("a query with a line \"Question: …\"");
        }
        String passage = query.substring(0, question);
        texts.put("passage", line.text("query").startsWith("Passage: ") ? passage : titled(passage, texts));
        String asked = query.substring(question + QUESTION.length());
        texts.put("question", asked.endsWith("?") ? asked.substring(0, asked.length() - 1) : asked);
    }

    /// What stands behind the title, if there is one, which becomes a text of its own.
    private static String titled(String passage, Map<String, String> texts) {
        int end = passage.indexOf(BEHIND_TITLE);
        if (end < 0) {
            return passage;
        }
        texts.put("title", passage.substring(0, end));
        return passage.substring(end + BEHIND_TITLE.length());
    }
}
