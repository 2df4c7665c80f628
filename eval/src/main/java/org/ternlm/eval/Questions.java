package org.ternlm.eval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.eval.task.EvaluationData;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Prompt;
import org.ternlm.eval.task.PromptStyle;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.eval.task.Task;

/// What is to be asked: read before any model is opened, so that mistakes show at once.
final class Questions {
    /// Items that are shown where nobody says how many.
    private static final int SHOWN = 1;

    private final EvaluationData data;
    private final Style style;
    private final int shots;
    private final List<Selection> shotFiles;
    private final @Nullable Integer limit;

    /// The items of one task, and the examples before them.
    record Asked(Selection selection, List<Item> items, List<String> examples) {}

    Questions(EvaluationData data, Style style, int shots, List<String> shotFiles, @Nullable Integer limit) {
        this.data = data;
        this.style = style;
        this.shots = shots;
        this.shotFiles = shotFiles.stream().map(Selection::one).toList();
        this.limit = limit;
        for (Selection file : this.shotFiles) {
            if (file.file() == null) {
                throw new CommandException("--shots-file: expected TASK=FILE, found " + file.label());
            }
        }
    }

    List<Asked> all(List<Selection> selections) {
        List<Asked> asked = new ArrayList<>();
        for (Selection selection : selections) {
            asked.add(asked(selection, limit == null ? Integer.MAX_VALUE : limit));
        }
        return asked;
    }

    private Asked asked(Selection selection, int count) {
        Task task = selection.task();
        Selection examples = shotFiles.stream().filter(file -> file.task() == task).findFirst().orElse(null);
        return new Asked(selection, data.items(selection, style, count),
                EvaluationData.shots(task, style, shots, examples == null ? null : examples.file()));
    }

    /// Prints prompts with marks where the context ends.
    void show(Selection selection, Console console) {
        Asked asked = asked(selection, limit == null ? SHOWN : limit);
        PromptStyle wording = selection.task().style(style);
        for (Item item : asked.items()) {
            console.out()
                    .println("%s, %s, item %s: context and continuation are divided by ┃, the right one is marked ✓"
                            .formatted(selection.label(), style.label(), item.id()));
            print(wording.prompts(item, asked.examples()), item, "", console);
            print(wording.unconditionalPrompts(item), item, "without the question: ", console);
        }
        console.out().flush();
    }

    private static void print(List<Prompt> prompts, Item item, String what, Console console) {
        for (int i = 0; i < prompts.size(); i++) {
            console.out().println("%s %s%s┃%s".formatted(i == item.gold() ? "✓" : " ", what, prompts.get(i).context(),
                    prompts.get(i).continuation()));
        }
    }
}
