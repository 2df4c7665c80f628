package org.ternlm.eval.measure;

import java.util.List;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;

/// What a model thinks of one item.
///
/// @param item the question
/// @param answers in the order of its choices; empty where one of them alone is too long for the model, which then cannot
/// be right
/// @param cut whether the context was too long and lost tokens on the left
public record ItemResult(Item item, List<Answer> answers, boolean cut) {
    /// Of an item that the model cannot be asked, as an answer alone is longer than its context.
    public static ItemResult tooLong(Item item) {
        return new ItemResult(item, List.of(), false);
    }

    /// Whether it is one of these.
    public boolean isTooLong() {
        return answers.isEmpty();
    }

    /// The model's choice: the first of those with the greatest value; -1 where it was not asked.
    public int picked(Measure measure) {
        int best = isTooLong() ? -1 : 0;
        for (int i = 1; i < answers.size(); i++) {
            if (answers.get(i).value(measure) > answers.get(best).value(measure)) {
                best = i;
            }
        }
        return best;
    }

    /// Whether that is the right one.
    public boolean isRight(Measure measure) {
        return picked(measure) == item.gold();
    }
}
