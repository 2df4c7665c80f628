package org.ternlm.eval.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ternlm.command.CommandException;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Prompt;
import org.ternlm.eval.task.PromptStyle;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Score;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;

/// Asks a model the items of tasks. Not thread-safe.
public final class TaskRun {
    private final Tern tern;
    private final Scorer scorer;
    private final Style style;
    private final boolean unconditional;
    private final OptionalInt beginning;

    /// @param scorer of the model `tern`
    /// @param unconditional whether answers are asked without their questions as well
    public TaskRun(Tern tern, Scorer scorer, Style style, boolean unconditional) {
        this.tern = tern;
        this.scorer = scorer;
        this.style = style;
        this.unconditional = unconditional;
        beginning = beginning(tern);
    }

    /// What stands before an answer without a question, as lm-evaluation-harness has it: the token that starts a text, or
    /// else the one that ends one.
    public static OptionalInt beginning(Tern tern) {
        OptionalInt bos = tern.bosId();
        return bos.isPresent() ? bos : tern.tokenizer().eosId();
    }

    /// Asks all items.
    ///
    /// @param shots examples that stand before each
    /// @param known gives what was answered before, which is not asked again
    /// @param heard of each item as it is answered, with whether it was asked now
    /// @throws CommandException if an item cannot be asked
    public TaskResult run(Selection selection, List<Item> items, List<String> shots,
            Function<Item, Optional<ItemResult>> known, BiConsumer<ItemResult, Boolean> heard) {
        PromptStyle wording = selection.task().style(style);
        List<Measure> measures = measures(selection);
        List<ItemResult> results = new ArrayList<>();
        for (Item item : items) {
            Optional<ItemResult> before = known.apply(item);
            ItemResult result = before.isPresent()
                    ? before.get()
                    : ask(selection, item, wording, shots, measures
                            .contains(Measure.UNCONDITIONAL));
            results.add(result);
            heard.accept(result, before.isEmpty());
        }
        return TaskResult.of(selection, measures, results);
    }

    private ItemResult ask(Selection selection, Item item, PromptStyle wording, List<String> shots,
            boolean alsoWithoutQuestion) {
        try {
            return ask(item, wording, shots, alsoWithoutQuestion);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException("%s, item %s: %s".formatted(selection.label(), item.id(), wrong.getMessage()),
                    null, wrong);
        }
    }

    /// The measures that are taken of a task.
    public List<Measure> measures(Selection selection) {
        return measures(selection, style, unconditional);
    }

    /// The measures that are taken of a task in a style.
    ///
    /// @param unconditional whether answers are asked without their questions as well
    public static List<Measure> measures(Selection selection, Style style, boolean unconditional) {
        return selection.task().measures(style).stream().filter(
                measure -> unconditional || measure != Measure.UNCONDITIONAL).sorted().toList();
    }

    private ItemResult ask(Item item, PromptStyle wording, List<String> shots, boolean alsoWithoutQuestion) {
        List<Continuation> asked = continuations(wording.prompts(item, shots));
        List<Continuation> fitted = fitted(asked, scorer);
        List<Continuation> alone = alsoWithoutQuestion
                ? fitted(continuations(wording.unconditionalPrompts(item)), scorer)
                : List.of();
        if (fitted.isEmpty() || alsoWithoutQuestion && alone.isEmpty()) {
            return ItemResult.tooLong(item);
        }
        List<Score> scores = scorer.scoreTogether(fitted);
        List<Score> without = scorer.scoreTogether(alone);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            answers.add(new Answer(item.choices().get(i), score.sum(), score.logProbabilities().length, score.greedy(),
                    without.isEmpty() ? null : without.get(i).sum()));
        }
        return new ItemResult(item, answers, !fitted.equals(asked));
    }

    private List<Continuation> continuations(List<Prompt> prompts) {
        return prompts.stream().map(prompt -> Continuation.of(tern.tokenizer(), beginning, prompt.context(), prompt
                .continuation())).toList();
    }

    /// The same with as much of their contexts cut off as makes all of them fit the model; none where one has more tokens to
    /// score than fit behind a single other one.
    public static List<Continuation> fitted(List<Continuation> continuations, Scorer scorer) {
        int most = scorer.longestContinuation();
        return continuations.stream().anyMatch(one -> one.tokens().length >= most)
                ? List.of()
                : continuations.stream().map(one -> one.fittedInto(most)).toList();
    }
}
