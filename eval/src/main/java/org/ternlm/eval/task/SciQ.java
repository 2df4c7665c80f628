package org.ternlm.eval.task;

import java.util.List;
import java.util.Map;

/// SciQ (Welbl et al. 2017, arXiv 1707.06209): science questions after a passage that mostly answers them.
final class SciQ {
    static final Task TASK = new Task("sciq", "SQ", "SciQ", Task.Kind.CHOICE,
            Map.of(Style.HARNESS, new PromptStyle("{support}\nQuestion: {question}\nAnswer:", " {choice}", "",
                    Measure.RAW)),
            Map.of(Style.HARNESS, List.of("full/sciq.jsonl")),
            "huggingface.co/datasets/allenai/sciq (test) as JSON lines: {support, question, distractor1, distractor2, distractor3, correct_answer}",
            SciQ::read);

    private SciQ() {}

    private static Item read(JsonLine line, Style style) {
        return new Item(line.id("id"),
                Map.of("support", line.text("support").stripLeading(), "question", line.text("question")),
                List.of(line.text("distractor1"), line.text("distractor2"), line.text("distractor3"),
                        line.text("correct_answer")),
                3);
    }
}
