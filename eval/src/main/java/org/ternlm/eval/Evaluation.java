package org.ternlm.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.eval.TextOptions.Text;
import org.ternlm.eval.TextOptions.Texts;
import org.ternlm.eval.measure.DivergenceResult;
import org.ternlm.eval.measure.DivergenceRun;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TaskRun;
import org.ternlm.eval.measure.TextLoss;
import org.ternlm.eval.measure.TextRun;
import org.ternlm.eval.measure.TextWay;
import org.ternlm.eval.report.ItemLine;
import org.ternlm.eval.report.Results;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Style;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvForm;

/// Measures models one after another. Not thread-safe.
final class Evaluation {
    private final Console console;
    private final Style style;
    private final List<Questions.Asked> asked;
    private final Texts texts;
    private final Options options;

    /// @param open how models are opened
    /// @param form what keys and values are kept as
    /// @param unconditional whether answers are scored without their questions too
    /// @param reference where the model lies that others are compared with, or null
    record Options(OpenOptions open, KvForm form, boolean unconditional, @Nullable Path reference) {}

    Evaluation(Console console, Style style, List<Questions.Asked> asked, Texts texts, Options options) {
        this.console = console;
        this.style = style;
        this.asked = asked;
        this.texts = texts;
        this.options = options;
    }

    /// @param journal gets a line for each item, as soon as it is answered
    /// @param measured hears of all models so far, after each
    void run(List<Path> models, ItemJournal journal, Consumer<List<Results.OfModel>> measured) {
        List<Results.OfModel> results = new ArrayList<>();
        for (Path model : models) {
            long start = System.nanoTime();
            String name = name(model, models);
            try (Tern tern = Tern.open(model, options.open())) {
                List<TaskResult> tasks = new ArrayList<>();
                for (Questions.Asked one : asked) {
                    tasks.add(ask(tern, name, one, journal));
                    journal.flush();
                }
                List<Results.OfText> losses = texts(tern, name);
                results.add(new Results.OfModel(name, tasks, losses, (System.nanoTime() - start) / 1e9));
            }
            measured.accept(List.copyOf(results));
        }
    }

    private TaskResult ask(Tern tern, String name, Questions.Asked one, ItemJournal journal) {
        Scorer scorer = tern.scorer(tern.config().contextLength(), options.form());
        TaskRun run = new TaskRun(tern, scorer, style, options.unconditional());
        List<Measure> measures = run.measures(one.selection());
        String task = one.selection().label();
        String asked = "%s, %d shots".formatted(style.label(), one.examples().size());
        try (Progress progress = Progress.of(console, name + ", " + task, Unit.of("items"), one.items().size())) {
            return run.run(one.selection(), one.items(), one.examples(), item -> journal.answered(ItemLine.key(name,
                    task, asked, item.id()), item, measures.contains(Measure.UNCONDITIONAL)), (result, isNew) -> {
                        if (isNew) {
                            journal.add(ItemLine.of(name, task, asked, result, measures));
                        }
                        progress.advance(1);
                    });
        }
    }

    private List<Results.OfText> texts(Tern tern, String name) {
        List<Results.OfText> results = new ArrayList<>();
        int most = tern.config().contextLength();
        int context = number("--context", texts.context(), most, most, 2);
        int stride = number("--stride", texts.stride(), Math.max(1, context / 2), context, 1);
        for (Text text : texts.texts()) {
            TextLoss loss;
            try (Progress progress = Progress.of(console, name + ", " + text.name(), Unit.BYTES, text.bytes())) {
                loss = new TextRun(tern, tern.scorer(context, options.form()), texts.way(), stride).run(
                        text.documents(),
                        progress::advance);
            }
            results.add(new Results.OfText(text.name(), way(context, stride), loss, referenceName(),
                    divergence(tern, name, text, context)));
        }
        return results;
    }

    private String way(int context, int stride) {
        return texts.way() == TextWay.HALVES
                ? "second halves of windows of %d".formatted(context)
                : "windows of %d, stride %d".formatted(context, stride);
    }

    private @Nullable String referenceName() {
        return options.reference() == null ? null : options.reference().getFileName().toString();
    }

    private @Nullable DivergenceResult divergence(Tern tern, String name, Text text, int context) {
        if (options.reference() == null) {
            return null;
        }
        try (Tern reference = Tern.open(options.reference(), options.open());
                Progress progress = Progress.of(console, name + " against " + referenceName(), Unit.BYTES, text
                        .bytes())) {
            return new DivergenceRun(tern, reference, Math.min(context, reference.config().contextLength())).run(text
                    .documents(), progress::advance);
        }
    }

    private static int number(String option, @Nullable Integer given, int usual, int most, int least) {
        int value = given == null ? usual : given;
        if (value < least || value > most) {
            throw new CommandException("%s: expected %d to %d, found %d".formatted(option, least, most, value));
        }
        return value;
    }

    /// The last part of the path; all of it where two models have the same.
    private static String name(Path model, List<Path> models) {
        String last = String.valueOf(model.getFileName());
        long same = models.stream().filter(other -> String.valueOf(other.getFileName()).equals(last)).count();
        return same > 1 ? model.toString() : last;
    }
}
