package org.ternlm.eval.task;

import static org.ternlm.eval.task.Style.HARNESS;
import static org.ternlm.eval.task.Style.OLMES;

import java.util.List;
import java.util.Map;

/// WinoGrande (Sakaguchi et al. 2019, arXiv 1907.10641): whom a gap in a sentence means. Evaluated in part, as Trinh and
/// Le 2018 do: what follows the gap is scored after the sentence with either name in it.
final class WinoGrande {
    private static final PromptStyle STYLE = new PromptStyle("{before}{choice}", " {after}", null, Measure.RAW);

    static final Task TASK = new Task("winogrande", "WGe", "WinoGrande", Task.Kind.CHOICE,
            Map.of(HARNESS, STYLE, OLMES, STYLE),
            Map.of(HARNESS, List.of("full/winogrande.jsonl"), OLMES, List.of("olmes/winogrande/requests.jsonl.gz",
                    "full/winogrande.jsonl")),
            "huggingface.co/datasets/allenai/winogrande (winogrande_xl, validation) as JSON lines: {sentence, option1, option2, answer}, or {context_options, continuation, gold}",
            WinoGrande::read);

    private WinoGrande() {}

    private static Item read(JsonLine line, Style style) {
        if (line.has("context_options")) {
            return new Item(line.id("id"), Map.of("before", "", "after", line.text("continuation").strip()),
                    line.choices("context_options"), line.index("gold", 2));
        }
        String sentence = line.text("sentence");
        int gap = sentence.indexOf('_');
        if (gap < 0) {
            throw line.unknown("a sentence with a gap, which is an underscore");
        }
        return new Item(line.id("index", "id"),
                Map.of("before", sentence.substring(0, gap), "after", sentence.substring(gap + 1).strip()),
                List.of(line.text("option1"), line.text("option2")), line.index("answer", 1, 2));
    }
}
