package org.ternlm.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.CommandException;

/// Items in the forms in which they are published, and what the harness asks of them. The items are made up.
class ItemFormsTest {
    @TempDir
    Path folder;

    private Item item(String task, Style style, String... lines) throws IOException {
        return items(task, style, "items.jsonl", lines).getFirst();
    }

    private List<Item> items(String task, Style style, String name, String... lines) throws IOException {
        Path file = Files.write(folder.resolve(name), List.of(lines));
        return new EvaluationData(null).items(Selection.one(task + "=" + file), style, Integer.MAX_VALUE);
    }

    private static Prompt gold(String task, Style style, Item item) {
        return Tasks.named(task).orElseThrow().style(style).prompts(item, List.of()).get(item.gold());
    }

    @Test
    void arc() throws IOException {
        Item published = item("arc_easy", Style.HARNESS,
                "{\"id\":\"M_1\",\"question\":\"What is hot?\",\"choices\":{\"text\":[\"ice\",\"fire\",\"rain\"],\"label\":[\"A\",\"B\",\"C\"]},\"answerKey\":\"B\"}");
        Item reworded = item("arc_easy", Style.HARNESS,
                "{\"query\":\"Question: What is hot?\",\"choices\":[\"ice\",\"fire\",\"rain\"],\"gold\":1}");
        Item olmes = item("arc_easy", Style.OLMES,
                "{\"query\":\"Question: What is hot?\\nAnswer:\",\"choices\":[\"ice\",\"fire\",\"rain\"],\"gold\":1}");
        for (Item item : List.of(published, reworded, olmes)) {
            assertThat(gold("arc_easy", Style.HARNESS, item)).isEqualTo(new Prompt("Question: What is hot?\nAnswer:",
                    " fire"));
        }
        assertThat(published.id()).isEqualTo("M_1");
        assertThat(reworded.id()).isEqualTo("0");
    }

    @Test
    void openBookQa() throws IOException {
        Item published = item("openbookqa", Style.HARNESS,
                "{\"id\":\"8-1\",\"question_stem\":\"The sun is\",\"choices\":{\"text\":[\"cold\",\"hot\"],\"label\":[\"A\",\"B\"]},\"answerKey\":\" B\"}");
        Item reworded = item("openbookqa", Style.HARNESS,
                "{\"query\":\"The sun is\",\"choices\":[\"cold\",\"hot\"],\"gold\":1}");
        for (Item item : List.of(published, reworded)) {
            assertThat(gold("openbookqa", Style.HARNESS, item)).isEqualTo(new Prompt("The sun is", " hot"));
            assertThat(gold("openbookqa", Style.OLMES, item)).isEqualTo(new Prompt("Question: The sun is\nAnswer:",
                    " hot"));
        }
    }

    @Test
    void boolQ() throws IOException {
        Item published = item("boolq", Style.HARNESS,
                "{\"title\":\"Sun\",\"question\":\"is the sun hot\",\"passage\":\"It burns.\",\"answer\":true}");
        Item superGlue = item("boolq", Style.HARNESS,
                "{\"question\":\"is the sun hot\",\"passage\":\"Sun -- It burns.\",\"idx\":4,\"label\":1}");
        Item reworded = item("boolq", Style.HARNESS,
                "{\"query\":\"Passage: It burns.\\nQuestion: is the sun hot?\",\"choices\":[\"no\",\"yes\"],\"gold\":1}");
        for (Item item : List.of(published, superGlue, reworded)) {
            assertThat(gold("boolq", Style.HARNESS, item)).isEqualTo(new Prompt(
                    "It burns.\nQuestion: is the sun hot?\nAnswer:", " yes"));
            assertThat(item.choices()).containsExactly("no", "yes");
        }
        assertThat(gold("boolq", Style.OLMES, superGlue).context()).startsWith("Sun -- It burns.\n");
        assertThatThrownBy(() -> gold("boolq", Style.OLMES, reworded)).isInstanceOf(CommandException.class)
                .hasMessage("item 0 has no title, which the style shows");
    }

    @Test
    void piqa() throws IOException {
        Item published = item("piqa", Style.HARNESS,
                "{\"goal\":\"Warm up\",\"sol1\":\"Sit in the sun.\",\"sol2\":\"Sit in the snow.\",\"label\":0}");
        Item reworded = item("piqa", Style.HARNESS,
                "{\"query\":\"Question: Warm up\\n\",\"choices\":[\"Sit in the sun.\",\"Sit in the snow.\"],\"gold\":0}");
        for (Item item : List.of(published, reworded)) {
            assertThat(gold("piqa", Style.HARNESS, item)).isEqualTo(new Prompt("Question: Warm up\nAnswer:",
                    " Sit in the sun."));
            assertThat(gold("piqa", Style.OLMES, item).context()).isEqualTo("Goal: Warm up\nAnswer:");
        }
    }

    @Test
    void winoGrande() throws IOException {
        Item published = item("winogrande", Style.HARNESS,
                "{\"sentence\":\"Ann beat Eve, so _ was glad.\",\"option1\":\"Ann\",\"option2\":\"Eve\",\"answer\":\"1\"}");
        Item reworded = item("winogrande", Style.HARNESS,
                "{\"context_options\":[\"Ann beat Eve, so Ann\",\"Ann beat Eve, so Eve\"],\"continuation\":\"was glad.\",\"gold\":0}");
        PromptStyle style = Tasks.named("winogrande").orElseThrow().style(Style.HARNESS);
        for (Item item : List.of(published, reworded)) {
            assertThat(style.prompts(item, List.of())).containsExactly(new Prompt("Ann beat Eve, so Ann", " was glad."),
                    new Prompt("Ann beat Eve, so Eve", " was glad."));
            assertThat(item.gold()).isZero();
        }
    }

    /// Brackets of WikiHow go, and leave what they leave in the harness: a second full stop, and a blank before an
    /// ending.
    @Test
    void hellaSwagIsCleaned() throws IOException {
        String line = "{\"ind\":7,\"activity_label\":\"Cooking\",\"ctx_a\":\"[header] How to cook [title] Heat it. [step] Stir.\",\"ctx_b\":\"the MAN\",\"endings\":[\"[substeps] Eat it.\",\" is  glad. \",\"Go. [title] Wait.\",\"c\"],\"label\":\"1\"}";
        Item harness = item("hellaswag", Style.HARNESS, line);
        assertThat(gold("hellaswag", Style.HARNESS, harness)).isEqualTo(new Prompt(
                "Cooking: How to cook. Heat it. Stir. The man", " is glad."));
        assertThat(harness.choices()).containsExactly(" Eat it.", "is glad.", "Go.. Wait.", "c");
        assertThat(item("hellaswag", Style.OLMES, line).choices().get(2)).isEqualTo("Go. Wait.");
        Item plain = items("hellaswag", Style.HARNESS, "items.txt", "Cooking: A pot boils. the man", "2", "a", "b", "c",
                "d").getFirst();
        assertThat(gold("hellaswag", Style.HARNESS, plain)).isEqualTo(new Prompt("Cooking: A pot boils. The man",
                " c"));
    }

    @Test
    void lambadaSciQAndBlimp() throws IOException {
        for (String line : List.of("{\"text\":\"She saw the sun\"}",
                "{\"context\":\"She saw the\",\"continuation\":\"sun\"}")) {
            assertThat(gold("lambada", Style.HARNESS, item("lambada", Style.HARNESS, line))).isEqualTo(new Prompt(
                    "She saw the", " sun"));
        }
        Item sciQ = item("sciq", Style.HARNESS,
                "{\"support\":\" It burns.\",\"question\":\"What burns?\",\"distractor1\":\"ice\",\"distractor2\":\"rain\",\"distractor3\":\"snow\",\"correct_answer\":\"fire\"}");
        assertThat(gold("sciq", Style.HARNESS, sciQ)).isEqualTo(new Prompt("It burns.\nQuestion: What burns?\nAnswer:",
                " fire"));
        Item blimp = item("blimp", Style.HARNESS,
                "{\"sentence_good\":\"She sees herself.\",\"sentence_bad\":\"She sees himself.\",\"UID\":\"agreement\",\"pairID\":\"3\"}");
        assertThat(gold("blimp", Style.HARNESS, blimp)).isEqualTo(new Prompt("", " She sees herself."));
        assertThat(blimp.id()).isEqualTo("agreement/3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "arc_easy | {\"query\":\"Question: a\",\"choices\":[\"x\",\"y\"],\"gold\":2} | line 1: gold: expected 0 to 1, found 2",
            "arc_easy | {\"query\":\"Question: a\",\"choices\":[\"x\"],\"gold\":0} | choices: expected a list of at least two strings",
            "arc_easy | {\"query\":7,\"choices\":[\"x\",\"y\"],\"gold\":0} | query: expected a string, found 7",
            "arc_easy | {\"question\":\"a\",\"choices\":{\"text\":[\"x\",\"y\"],\"label\":[\"A\",\"B\"]},\"answerKey\":\"E\"} | expected answerKey to be one of the labels",
            "piqa | {\"goal\":\"a\",\"sol1\":\"x\",\"label\":0} | expected the key sol2, found the keys goal, label, sol1",
            "piqa | {} | expected the key choices, found an empty object",
            "piqa | [1] | expected a JSON object, found ARRAY",
            "piqa | {\"goal\": | line 1: expected a JSON object",
            "winogrande | {\"sentence\":\"no gap\",\"option1\":\"a\",\"option2\":\"b\",\"answer\":\"1\"} | a sentence with a gap",
            "winogrande | {\"sentence\":\"a _\",\"option1\":\"a\",\"option2\":\"b\",\"answer\":\"0\"} | answer: expected 1 to 2, found",
            "lambada | {\"text\":\"word\"} | a text of several words",
            "boolq | {\"query\":\"no question\",\"choices\":[\"no\",\"yes\"],\"gold\":1} | a query with a line",
            "boolq | {\"question\":\"q\",\"passage\":\"p\",\"answer\":\"maybe\"} | answer: expected 0 to 1, found"})
    void damagedLinesSayWhatIsWrong(String task, String line, String message) {
        assertThatThrownBy(() -> item(task, Style.HARNESS, line)).isInstanceOf(CommandException.class)
                .hasMessageContaining("items.jsonl, line 1: ").hasMessageContaining(message);
    }

    @Test
    void damagedFilesSayWhatIsWrong() {
        assertThatThrownBy(() -> items("piqa", Style.HARNESS, "empty.jsonl", "")).isInstanceOf(CommandException.class)
                .hasMessageContaining("expected items of piqa, found none");
        assertThatThrownBy(() -> items("hellaswag", Style.HARNESS, "short.txt", "Cooking: a", "1", "b"))
                .isInstanceOf(CommandException.class).hasMessageContaining("the last item has 3 lines, expected 6");
        assertThatThrownBy(() -> items("hellaswag", Style.HARNESS, "bad.txt", "Cooking: a", "4", "b", "c", "d", "e"))
                .isInstanceOf(CommandException.class).hasMessageContaining("expected 0 to 3, found 4");
        assertThatThrownBy(() -> items("piqa", Style.HARNESS, "plain.txt", "a")).isInstanceOf(CommandException.class)
                .hasMessageContaining("plain text is a form of hellaswag only");
        assertThatThrownBy(() -> items("piqa", Style.HARNESS, "not.jsonl.gz", "a")).isInstanceOf(
                CommandException.class).hasMessageContaining("cannot be read");
    }

    @Test
    void bracesInATextAreNotLookedAt() {
        Item item = new Item("0", java.util.Map.of("goal", "Write {choice} and $1"), List.of("{goal}", "b"), 0);
        assertThat(gold("piqa", Style.HARNESS, item)).isEqualTo(new Prompt(
                "Question: Write {choice} and $1\nAnswer:", " {goal}"));
    }

    @Test
    void examplesStandBeforeTheQuestionWithTheirAnswers() throws IOException {
        Path shots = Files.writeString(folder.resolve("train.jsonl"),
                "{\"goal\":\"a\",\"sol1\":\"b\",\"sol2\":\"c\",\"label\":1}\n{\"goal\":\"d\",\"sol1\":\"e\",\"sol2\":\"f\",\"label\":0}\n");
        Task piqa = Tasks.named("piqa").orElseThrow();
        List<String> examples = EvaluationData.shots(piqa, Style.HARNESS, 2, shots);
        Item item = item("piqa", Style.HARNESS, "{\"goal\":\"g\",\"sol1\":\"h\",\"sol2\":\"i\",\"label\":0}");
        assertThat(piqa.style(Style.HARNESS).prompts(item, examples).getFirst().context()).isEqualTo(
                "Question: a\nAnswer: c\n\nQuestion: d\nAnswer: e\n\nQuestion: g\nAnswer:");
        assertThatThrownBy(() -> EvaluationData.shots(piqa, Style.HARNESS, 3, shots)).isInstanceOf(
                CommandException.class).hasMessage("piqa: 3 examples, found 2");
        assertThatThrownBy(() -> EvaluationData.shots(piqa, Style.OLMES, 1, null)).isInstanceOf(CommandException.class)
                .hasMessage("piqa: 1 examples, found 0");
    }
}
