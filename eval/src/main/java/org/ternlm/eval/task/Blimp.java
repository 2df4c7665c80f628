package org.ternlm.eval.task;

import java.util.List;
import java.util.Map;

/// BLiMP (Warstadt et al. 2020, arXiv 1912.00582): which of two whole sentences is grammatical. One file for each of 67
/// phenomena.
final class Blimp {
    static final Task TASK = new Task("blimp", "BLiMP", "BLiMP", Task.Kind.CHOICE,
            Map.of(Style.HARNESS, new PromptStyle("", " {choice}", null, Measure.RAW)),
            Map.of(Style.HARNESS, List.of("blimp")),
            "github.com/alexwarstadt/blimp (data/*.jsonl): {sentence_good, sentence_bad, UID, pairID}", Blimp::read);

    private Blimp() {}

    private static Item read(JsonLine line, Style style) {
        return new Item(line.id("UID") + "/" + line.id("pairID"), Map.of(),
                List.of(line.text("sentence_good"), line.text("sentence_bad")), 0);
    }
}
