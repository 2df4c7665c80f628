package org.ternlm.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.TestFiles;
import org.ternlm.eval.task.EvaluationData;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Prompt;
import org.ternlm.eval.task.PromptStyle;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.generate.Score;
import org.ternlm.generate.Tern;

class TaskRunTest {
    private static Tern tern;

    @BeforeAll
    static void open() {
        tern = Tern.open(TestFiles.model("stories260K-llama-f32"), 1);
    }

    @AfterAll
    static void close() {
        tern.close();
    }

    /// Each answer scored by itself, with nothing shared: whole text encoded, context's tokens subtracted.
    private static double alone(Prompt prompt) {
        if (prompt.context().isEmpty()) {
            int[] tokens = tern.tokenizer().encode(prompt.continuation(), false);
            int[] whole = new int[tokens.length + 1];
            whole[0] = 1;
            System.arraycopy(tokens, 0, whole, 1, tokens.length);
            return tern.scorer().score(whole, 1).sum();
        }
        int[] context = tern.tokenizer().encode(prompt.context(), true);
        int[] whole = tern.tokenizer().encode(prompt.context() + prompt.continuation(), true);
        System.arraycopy(context, 0, whole, 0, context.length);
        int start = Math.max(0, whole.length - tern.config().contextLength());
        Score score = tern.scorer().score(Arrays.copyOfRange(whole, start, whole.length), context.length - start);
        return score.sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arc_easy", "arc_challenge", "openbookqa", "piqa", "winogrande"})
    void theNumbersAreThoseOfOneByOne(String task) {
        Selection selection = Selection.one(task + "=" + TestFiles.resource("task/olmes-" + task + ".jsonl"));
        PromptStyle style = selection.task().style(Style.OLMES);
        List<Item> items = new EvaluationData(null).items(selection, Style.OLMES, Integer.MAX_VALUE);
        List<ItemResult> heard = new ArrayList<>();
        TaskResult result = new TaskRun(tern, tern.scorer(), Style.OLMES, true).run(selection, items, List.of(),
                item -> Optional.empty(), (item, isNew) -> heard.add(item));
        assertThat(heard).hasSameSizeAs(items);
        int right = 0;
        for (int i = 0; i < items.size(); i++) {
            List<Prompt> prompts = style.prompts(items.get(i), List.of());
            List<Prompt> without = style.unconditionalPrompts(items.get(i));
            int best = 0;
            for (int c = 0; c < prompts.size(); c++) {
                Answer answer = heard.get(i).answers().get(c);
                assertThat(answer.sum()).isEqualTo(alone(prompts.get(c)));
                if (without.isEmpty()) {
                    assertThat(answer.unconditional()).isNull();
                } else {
                    assertThat(answer.unconditional()).isEqualTo(alone(without.get(c)));
                }
                best = alone(prompts.get(c)) > alone(prompts.get(best)) ? c : best;
            }
            right += best == items.get(i).gold() ? 1 : 0;
        }
        assertThat(result.shares().get(Measure.RAW)).isEqualTo(new Share(right, items.size()));
        assertThat(result.cut()).isZero();
        assertThat(result.shares().containsKey(Measure.UNCONDITIONAL)).isEqualTo(!task.equals("winogrande"));
    }

    @Test
    void whatIsTooLongLosesItsBeginningAndIsCounted() {
        Item longOne = new Item("long", Map.of("goal", "Once upon a time there was a dog. ".repeat(60)),
                List.of("He ran.",
                        "He sat down there."),
                0);
        Item shortOne = new Item("short", Map.of("goal", "Run"), List.of("Go", "Sit"), 1);
        List<ItemResult> heard = new ArrayList<>();
        TaskResult result = new TaskRun(tern, tern.scorer(), Style.HARNESS, false).run(Selection.one("piqa"), List.of(
                longOne, shortOne), List.of(), item -> Optional.empty(), (item, isNew) -> heard.add(item));
        assertThat(result.cut()).isEqualTo(1);
        assertThat(heard.stream().map(ItemResult::cut)).containsExactly(true, false);
        Item endless = new Item("endless", Map.of("goal", "Run"), List.of("He ran. ".repeat(200), "He sat."), 0);
        heard.clear();
        TaskResult counted = new TaskRun(tern, tern.scorer(), Style.HARNESS, false).run(Selection.one("piqa"), List
                .of(endless, shortOne), List.of(), item -> Optional.empty(), (item, isNew) -> heard.add(item));
        assertThat(counted.tooLong()).isEqualTo(1);
        assertThat(counted.items()).isEqualTo(2);
        assertThat(counted.chance()).isEqualTo(0.5);
        assertThat(heard.getFirst().picked(Measure.RAW)).isEqualTo(-1);
        assertThat(heard.getFirst().isRight(Measure.RAW)).isFalse();
    }

    @Test
    void aLastWordIsRightIfTheModelWouldSayIt() {
        Item said = new Item("0", Map.of("context", "Once upon a"), List.of("time"), 0);
        Item unlikely = new Item("1", Map.of("context", "Once upon a"), List.of("zebra"), 0);
        TaskResult result = new TaskRun(tern, tern.scorer(), Style.HARNESS, false).run(Selection.one("lambada"), List
                .of(said, unlikely), List.of(), item -> Optional.empty(), (item, isNew) -> {});
        assertThat(result.shares()).isEqualTo(Map.of(Measure.RAW, new Share(1, 2)));
        double nats = -(alone(new Prompt("Once upon a", " time")) + alone(new Prompt("Once upon a", " zebra"))) / 2;
        assertThat(Objects.requireNonNull(result.lastWord()).value()).isEqualTo(nats);
        assertThat(result.chance()).isZero();
    }

    @Test
    void chanceIsThatOfTheChoicesThatItemsHave() {
        Item four = new Item("0", Map.of("question", "a"), List.of("b", "c", "d", "e"), 0);
        Item two = new Item("1", Map.of("question", "a"), List.of("b", "c"), 0);
        TaskResult result = new TaskRun(tern, tern.scorer(), Style.HARNESS, false).run(Selection.one("arc_easy"), List
                .of(four, two), List.of(), item -> Optional.empty(), (item, isNew) -> {});
        assertThat(result.chance()).isEqualTo(0.375);
    }
}
