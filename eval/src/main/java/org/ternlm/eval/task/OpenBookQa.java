package org.ternlm.eval.task;

import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;

import java.util.List;
import java.util.Map;

/// OpenBookQA (Mihaylov et al. 2018, arXiv 1809.02789): elementary science that takes a fact and common sense.
final class OpenBookQa {
    static final Task TASK = new Task("openbookqa", "OQ", "OpenBookQA", Task.Kind.CHOICE,
            Map.of(HARNESS, new PromptStyle("{question}", " {choice}", "", Measure.RAW),
                    OLMES, new PromptStyle("Question: {question}\nAnswer:", " {choice}", "Answer:", Measure.CHARACTER)),
            Map.of(HARNESS, List.of("full/openbook_qa.jsonl", "full/openbookqa.jsonl"),
                    OLMES, List.of("olmes/openbookqa/requests.jsonl.gz")),
            "huggingface.co/datasets/allenai/openbookqa as JSON lines: {question_stem, choices: {text, label}, answerKey}, or {query, choices, gold}",
            OpenBookQa::read);

    private OpenBookQa() {}

    private static Item read(JsonLine line, Style style) {
        if (line.has("query")) {
            return Reworded.question(line);
        }
        JsonLine choices = line.inner("choices");
        List<String> texts = choices.choices("text");
        int gold = choices.choices("label").indexOf(line.text("answerKey").stripLeading());
        if (gold < 0 || gold >= texts.size()) {
            throw line.unknown("answerKey to be one of the labels");
        }
        return new Item(line.id("id"), Map.of("question", line.text("question_stem")), texts, gold);
    }
}
