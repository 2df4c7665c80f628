package org.ternlm.eval.task;

import static org.ternlm.eval.task.Measure.CHARACTER;
import static org.ternlm.eval.task.Measure.RAW;
import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;
import static org.ternlm.eval.task.Task.Kind.CHOICE;

import java.util.List;
import java.util.Map;

/// ARC (Clark et al. 2018, arXiv 1803.05457): questions of school science, in an easy and a hard part.
final class Arc {
    private static final String CONTEXT = "Question: {question}\nAnswer:";
    private static final String ANSWER = " {choice}";
    private static final String SOURCE = "huggingface.co/datasets/allenai/ai2_arc as JSON lines: {question, choices: {text, label}, answerKey}, or {query, choices, gold}";

    static final Task EASY = task("arc_easy", "ARCe", "ARC-Easy", RAW);
    static final Task CHALLENGE = task("arc_challenge", "ARCc", "ARC-Challenge", CHARACTER);

    private Arc() {}

    private static Task task(String name, String column, String title, Measure olmes) {
        return new Task(name, column, title, CHOICE,
                Map.of(HARNESS, new PromptStyle(CONTEXT, ANSWER, "", RAW),
                        OLMES, new PromptStyle(CONTEXT, ANSWER, "Answer:", olmes)),
                Map.of(HARNESS, List.of("full/" + name + ".jsonl"),
                        OLMES, List.of("olmes/" + name + "/requests.jsonl.gz")),
                SOURCE, Arc::read);
    }

    private static Item read(JsonLine line, Style style) {
        if (line.has("query")) {
            return Reworded.question(line);
        }
        JsonLine choices = line.inner("choices");
        List<String> texts = choices.choices("text");
        int gold = choices.choices("label").indexOf(line.text("answerKey"));
        if (gold < 0 || gold >= texts.size()) {
            throw line.unknown("answerKey to be one of the labels");
        }
        return new Item(line.id("id"), Map.of("question", line.text("question")), texts, gold);
    }
}
