package org.ternlm.eval.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.eval.task.Task;

/// What a model reaches in a task.
///
/// @param selection the task
/// @param items how many were asked
/// @param cut of how many the context was too long
/// @param tooLong of how many an answer alone was longer than the model's context; they were not asked, and count as wrong
/// @param chance what guessing would reach on average
/// @param shares by measure; of a last word, how often the model would say it
/// @param lastWord negative log-probability of last words; null of other tasks
public record TaskResult(Selection selection, int items, int cut, int tooLong, double chance,
        Map<Measure, Share> shares,
        @Nullable Mean lastWord) {

    /// Sums up.
    ///
    /// @param measures which were taken
    /// @param results of at least one item
    public static TaskResult of(Selection selection, Iterable<Measure> measures, List<ItemResult> results) {
        boolean choice = selection.task().kind() == Task.Kind.CHOICE;
        Map<Measure, Share> shares = new EnumMap<>(Measure.class);
        for (Measure measure : measures) {
            shares.put(measure, new Share((int) results.stream().filter(result -> choice
                    ? result.isRight(measure)
                    : !result.isTooLong() && result.answers().getFirst().greedy()).count(), results.size()));
        }
        Mean chance = new Mean();
        Mean lastWord = new Mean();
        for (ItemResult result : results) {
            chance.add(choice ? 1.0 / result.item().choices().size() : 0);
            if (!result.isTooLong()) {
                lastWord.add(-result.answers().getFirst().sum());
            }
        }
        return new TaskResult(selection, results.size(), (int) results.stream().filter(ItemResult::cut).count(),
                (int) results.stream().filter(ItemResult::isTooLong).count(), chance.value(), shares,
                choice ? null : lastWord);
    }

    /// The accuracy that the style reports.
    public Share primary(Style style) {
        Share share = shares.get(selection.task().style(style).primary());
        if (share == null) {
            throw new IllegalStateException("not measured");
        }
        return share;
    }

    /// The measures that were taken, in their order.
    public List<Measure> measures() {
        return new ArrayList<>(new TreeSet<>(shares.keySet()));
    }
}
