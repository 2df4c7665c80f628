package org.ternlm.eval.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.measure.DivergenceResult;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TextLoss;
import org.ternlm.eval.task.Style;

/// Everything that one command has measured.
///
/// @param setup how
/// @param models of each model the same tasks and texts
public record Results(Setup setup, List<OfModel> models) {

    /// What holds for all models.
    ///
    /// @param style of the prompts
    /// @param shots examples before each question
    /// @param limit items of a task that were asked at most; null for all
    public record Setup(Style style, int shots, @Nullable Integer limit) {}

    /// What was measured of one model.
    ///
    /// @param name what it is called
    /// @param tasks in the order that was asked for
    /// @param texts likewise
    /// @param seconds that it took
    public record OfModel(String name, List<TaskResult> tasks, List<OfText> texts, double seconds) {}

    /// What was measured of one model on one text.
    ///
    /// @param name what the text is called
    /// @param way how it was scored, in words, with stride and context
    /// @param loss how well the model expects it
    /// @param reference the model that it was compared with; null if there was none
    /// @param divergence from that; null if there was none
    public record OfText(String name, String way, TextLoss loss, @Nullable String reference,
            @Nullable DivergenceResult divergence) {}
}
