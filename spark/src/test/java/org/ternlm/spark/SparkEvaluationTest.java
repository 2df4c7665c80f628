package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TaskRun;
import org.ternlm.eval.task.EvaluationData;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.generate.Tern;

/// Tasks of evaluation in Spark give what `tern eval` gives.
class SparkEvaluationTest {
    private static final Path SAMPLES = Path.of(System.getProperty("tern.root", ".."), "eval", "src", "test",
            "resources", "org", "ternlm", "eval", "task");

    private static TaskResult onSpark(Selection selection, List<Item> items, Style style, boolean unconditional) {
        TernSpark tern = TernSpark.of(TestSession.spark(), TestSession.stories());
        return new SparkEvaluation(TestSession.spark(), tern, style, unconditional).run(selection, items, List.of());
    }

    private static void agrees(Selection selection, List<Item> items, Style style, boolean unconditional) {
        try (Tern tern = Tern.open(TestSession.model("stories260K-llama-f32"), 1)) {
            TaskResult expected = new TaskRun(tern, tern.scorer(), style, unconditional).run(selection, items,
                    List.of(),
                    item -> Optional.empty(), (item, isNew) -> {});
            TaskResult found = onSpark(selection, items, style, unconditional);
            assertThat(found).usingRecursiveComparison().isEqualTo(expected);
            assertThat(found.items()).isEqualTo(items.size());
        }
    }

    @Test
    void theSharesOfRightAnswersAreThoseOfTheCommand() {
        for (String task : List.of("arc_easy", "winogrande")) {
            Selection selection = Selection.one(task + "=" + SAMPLES.resolve("olmes-" + task + ".jsonl"));
            agrees(selection, new EvaluationData(null).items(selection, Style.OLMES, 40), Style.OLMES, true);
        }
    }

    @Test
    void lastWordsAndWhatIsTooLong() {
        agrees(Selection.one("lambada"), List.of(new Item("0", Map.of("context", "Once upon a"), List.of("time"), 0),
                new Item("1", Map.of("context", "He ran. ".repeat(300)), List.of("zebra"), 0)), Style.HARNESS, false);
        agrees(Selection.one("piqa"), List.of(new Item("endless", Map.of("goal", "Run"), List.of("He ran. ".repeat(200),
                "He sat."), 0), new Item("short", Map.of("goal", "Run"), List.of("Go", "Sit"), 1)), Style.HARNESS,
                false);
        agrees(Selection.one("arc_easy"), List.of(new Item("endless", Map.of("question", "Run"), List.of("He ran. "
                .repeat(200), "He sat."), 0), new Item("short", Map.of("question", "Run"), List.of("Go", "Sit"), 1)),
                Style.OLMES, true);
    }
}
