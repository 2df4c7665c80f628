package org.ternlm.eval.task;

import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;

import java.util.List;
import java.util.Map;

/// PIQA (Bisk et al. 2020, arXiv 1911.11641): which of two ways leads to a goal in the physical world.
final class Piqa {
    static final Task TASK = new Task("piqa", "PQ", "PIQA", Task.Kind.CHOICE,
            Map.of(HARNESS, new PromptStyle("Question: {goal}\nAnswer:", " {choice}", "", Measure.RAW),
                    OLMES, new PromptStyle("Goal: {goal}\nAnswer:", " {choice}", "Answer:", Measure.CHARACTER)),
            Map.of(HARNESS, List.of("full/piqa.jsonl"), OLMES, List.of("olmes/piqa/requests.jsonl.gz",
                    "full/piqa.jsonl")),
            "huggingface.co/datasets/baber/piqa (validation) as JSON lines: {goal, sol1, sol2, label}, or {query, choices, gold}",
            Piqa::read);

    private Piqa() {}

    private static Item read(JsonLine line, Style style) {
        if (line.has("goal")) {
            return new Item(line.id("id", "index"), Map.of("goal", line.text("goal")),
                    List.of(line.text("sol1"), line.text("sol2")), line.index("label", 2));
        }
        Item item = Reworded.question(line);
        return new Item(item.id(), Map.of("goal", item.texts().get("question")), item.choices(), item.gold());
    }
}
