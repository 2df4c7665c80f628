package org.ternlm.eval.measure;

import java.util.List;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;

/// What a model thinks of one item.
///
/// @param item the question
/// @param answers in the order of its choices
/// @param cut whether the context was too long and lost tokens on the left
public record ItemResult(Item item, List<Answer> answers, boolean cut) {
    /// The model's choice: the first of those with the greatest value.
    public int picked(Measure measure) {
        int best = 0;
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
