package org.ternlm.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.measure.Interval;
import org.ternlm.eval.measure.Mean;
import org.ternlm.eval.measure.Share;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TextLoss;
import org.ternlm.eval.report.Results.OfModel;
import org.ternlm.eval.report.Results.OfText;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Task;
import org.ternlm.eval.task.Tasks;

/// Makes tables of results: one in the layout of the paper, one with all measures, one of texts.
public final class ResultTables {
    private final Results results;
    private final boolean markdown;

    private ResultTables(Results results, boolean markdown) {
        this.results = results;
        this.markdown = markdown;
    }

    /// All tables, for a terminal or for Markdown.
    public static List<String> lines(Results results, boolean markdown) {
        return new ResultTables(results, markdown).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        OfModel first = results.models().getFirst();
        if (!first.tasks().isEmpty()) {
            lines.add(setup());
            addTable(lines, overview());
            lines.add("");
            lines.add("All measures: percent, ± standard error, and Wilson's 95 % interval in brackets.");
            addTable(lines, measures());
            cuts(lines);
        }
        if (!first.texts().isEmpty()) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add("Texts: ± standard error, the tokens taken as independent.");
            addTable(lines, texts());
        }
        return lines;
    }

    private void addTable(List<String> lines, Table table) {
        if (markdown) {
            lines.add("");
        }
        lines.addAll(markdown ? table.markdown() : table.plain());
    }

    private String setup() {
        Integer limit = results.setup().limit();
        return "Accuracy in percent, style %s, %s%s.".formatted(results.setup().style().label(), results.setup()
                .shots() == 0 ? "no examples" : results.setup().shots() + " examples before each question",
                limit == null ? "" : ", THE FIRST %,d ITEMS OF EACH TASK ONLY".formatted(limit));
    }

    /// Models below each other, tasks beside each other, as in the paper; its average if all of its tasks are there.
    private Table overview() {
        List<TaskResult> tasks = results.models().getFirst().tasks();
        List<Integer> paper = paperTasks(tasks);
        List<String> headings = new ArrayList<>(List.of("model"));
        tasks.forEach(task -> headings.add(task.selection().part() == null
                ? task.selection().task().column()
                : task.selection().part()));
        if (!paper.isEmpty()) {
            headings.add("Avg");
        }
        Table table = new Table(headings);
        for (OfModel model : results.models()) {
            table.add(row(model.name(), model.tasks(), paper, result -> result.primary(results.setup().style())
                    .value()));
        }
        table.add(row("chance", tasks, paper, TaskResult::chance));
        return table;
    }

    private static List<String> row(String name, List<TaskResult> tasks, List<Integer> averaged,
            Function<TaskResult, Double> value) {
        List<String> row = new ArrayList<>(List.of(name));
        tasks.forEach(task -> row.add(percent(value.apply(task))));
        if (!averaged.isEmpty()) {
            row.add(percent(averaged.stream().mapToDouble(i -> value.apply(tasks.get(i))).average().orElseThrow()));
        }
        return row;
    }

    /// Where the paper's tasks are, or none if one is missing.
    private static List<Integer> paperTasks(List<TaskResult> tasks) {
        List<Integer> places = new ArrayList<>();
        for (Task wanted : Tasks.PAPER) {
            int before = places.size();
            for (int i = 0; i < tasks.size() && places.size() == before; i++) {
                if (tasks.get(i).selection().task() == wanted) {
                    places.add(i);
                }
            }
        }
        return places.size() == Tasks.PAPER.size() ? places : List.of();
    }

    private Table measures() {
        List<String> headings = new ArrayList<>(List.of("task", "measure", "items", "chance"));
        results.models().forEach(model -> headings.add(model.name()));
        Table table = new Table(headings);
        List<TaskResult> tasks = results.models().getFirst().tasks();
        for (int i = 0; i < tasks.size(); i++) {
            int index = i;
            TaskResult task = tasks.get(i);
            String title = task.selection().task().title() + (task.selection().part() == null
                    ? ""
                    : " " + task.selection().part());
            for (Measure measure : task.measures()) {
                addRow(table, List.of(title, measure.label(), items(task), percent(task.chance())),
                        model -> share(model.tasks().get(index).shares().get(measure)));
            }
            if (task.lastWord() != null) {
                addRow(table, List.of(title, "perplexity", items(task), ""), model -> lastWord(model.tasks().get(index)
                        .lastWord()));
            }
        }
        return table;
    }

    private void addRow(Table table, List<String> start, Function<OfModel, String> cell) {
        List<String> row = new ArrayList<>(start);
        results.models().forEach(model -> row.add(cell.apply(model)));
        table.add(row);
    }

    private String items(TaskResult task) {
        return (results.setup().limit() == null ? "%,d" : "first %,d").formatted(task.items());
    }

    private void cuts(List<String> lines) {
        for (OfModel model : results.models()) {
            for (TaskResult task : model.tasks()) {
                if (task.cut() > 0) {
                    lines.add("%s%s, %s: the context of %,d of %,d items was too long and lost tokens on the left."
                            .formatted(markdown ? "\n" : "", model.name(), task.selection().label(), task.cut(), task
                                    .items()));
                }
                if (task.tooLong() > 0) {
                    lines.add(
                            "%s%s, %s: an answer to %,d of %,d items is longer than the model's context: counted as wrong."
                                    .formatted(markdown ? "\n" : "", model.name(), task.selection().label(),
                                            task.tooLong(), task
                                                    .items()));
                }
            }
        }
    }

    private Table texts() {
        List<String> headings = new ArrayList<>(List.of("text", "measure"));
        results.models().forEach(model -> headings.add(model.name()));
        Table table = new Table(headings);
        List<OfText> texts = results.models().getFirst().texts();
        for (int i = 0; i < texts.size(); i++) {
            int index = i;
            String name = texts.get(i).name() + " (" + texts.get(i).way() + ")";
            addText(table, name, "scored tokens", index, loss -> "%,d".formatted(loss.nats().count()));
            addText(table, name, "nats a token", index, loss -> number(4, loss.nats().value(), loss.nats()
                    .standardError()));
            addText(table, name, "perplexity", index, loss -> number(3, loss.perplexity(), loss.perplexityError()));
            addText(table, name, "bits per byte", index, loss -> number(4, loss.bitsPerByte(), loss
                    .bitsPerByteError()));
            addText(table, name, "word perplexity", index, loss -> loss.words() == 0
                    ? "–"
                    : String.format(Locale.ROOT, "%.2f", loss.wordPerplexity()));
            divergence(table, name, index);
        }
        return table;
    }

    private void addText(Table table, String name, String measure, int text, Function<TextLoss, String> cell) {
        addRow(table, List.of(name, measure), model -> cell.apply(model.texts().get(text).loss()));
    }

    private void divergence(Table table, String name, int index) {
        OfText text = results.models().getFirst().texts().get(index);
        if (text.divergence() == null) {
            return;
        }
        addRow(table, List.of(name, "KL from " + text.reference() + ", nats"), model -> mean(model.texts().get(index)));
        addRow(table, List.of(name, "same top token, %"), model -> {
            var divergence = model.texts().get(index).divergence();
            return divergence == null ? "–" : share(divergence.sameTop());
        });
        addRow(table, List.of(name, "loss beyond " + text.reference() + ", nats"), model -> {
            var divergence = model.texts().get(index).divergence();
            return divergence == null
                    ? "–"
                    : number(4, divergence.lossDifference().value(), divergence.lossDifference().standardError());
        });
    }

    private static String mean(OfText text) {
        return text.divergence() == null
                ? "–"
                : number(5, text.divergence().nats().value(), text.divergence().nats().standardError());
    }

    private static String lastWord(@Nullable Mean nats) {
        if (nats == null) {
            return "–";
        }
        double perplexity = Math.exp(nats.value());
        return String.format(Locale.ROOT, "%.5g ± %.3g", perplexity, perplexity * nats.standardError());
    }

    private static String share(@Nullable Share share) {
        if (share == null) {
            return "–";
        }
        Interval interval = share.interval();
        return String.format(Locale.ROOT, "%.1f ± %.1f [%.1f, %.1f]", 100 * share.value(), 100 * share.standardError(),
                100 * interval.low(), 100 * interval.high());
    }

    private static String number(int digits, double value, double error) {
        String format = "%." + digits + "f";
        return String.format(Locale.ROOT, format + " ± " + format, value, error);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
