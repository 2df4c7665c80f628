package org.ternlm.eval.measure;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.task.Measure;

/// How likely a model finds one answer.
///
/// @param text the answer without the blank before it
/// @param sum natural logarithm of the probability of all that was scored
/// @param tokens how many were scored
/// @param greedy whether each of them is the most likely one
/// @param unconditional the sum where no question stands before the answer; null if that was not asked
public record Answer(String text, double sum, int tokens, boolean greedy, @Nullable Double unconditional) {
    /// What the model's choice goes by.
    ///
    /// @throws IllegalStateException for the unconditional measure, if that was not asked
    public double value(Measure measure) {
        return switch (measure) {
            case RAW -> sum;
            case CHARACTER -> sum / text.codePointCount(0, text.length());
            case BYTE -> sum / text.getBytes(StandardCharsets.UTF_8).length;
            case TOKEN -> sum / tokens;
            case UNCONDITIONAL -> {
                if (unconditional == null) {
                    throw new IllegalStateException("not asked without the question");
                }
                yield sum - unconditional;
            }
        };
    }
}
