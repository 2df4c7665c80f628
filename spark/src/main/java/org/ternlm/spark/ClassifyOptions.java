package org.ternlm.spark;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.task.Measure;

/// Which label follows a text best. Made by [#of] and refined by the `with` methods, each of which returns a changed copy.
///
/// @param text the column of texts
/// @param labels what could follow them, mostly with a blank in front; empty if a column has them
/// @param labelColumn a column of such lists, or null
/// @param measure what the choice goes by: the logarithm of a label's probability, as it is or per token, character or byte
/// of the label without the blanks before it
/// @param prefix of the names of the added columns
/// @param onError what becomes of rows that cannot be classified
public record ClassifyOptions(String text, List<String> labels, @Nullable String labelColumn, Measure measure,
        String prefix, OnError onError) {

    /// @throws IllegalArgumentException if there are no labels, or the measure would need texts without their context
    public ClassifyOptions {
        labels = List.copyOf(labels);
        if (labelColumn == null && labels.isEmpty()) {
            throw new IllegalArgumentException("labels: expected one at least");
        }
        if (measure == Measure.UNCONDITIONAL) {
            throw new IllegalArgumentException("measure: expected one of a label after its text, found " + measure
                    .label());
        }
    }

    /// The same labels for each row, by their log-probability; errors fail the job.
    ///
    /// @throws IllegalArgumentException if there is none
    public static ClassifyOptions of(String text, List<String> labels) {
        return new ClassifyOptions(text, labels, null, Measure.RAW, "", OnError.FAIL);
    }

    /// Each row has labels of its own.
    public static ClassifyOptions ofColumn(String text, String labelColumn) {
        return new ClassifyOptions(text, List.of(), labelColumn, Measure.RAW, "", OnError.FAIL);
    }

    /// The same by another measure.
    ///
    /// @throws IllegalArgumentException if it needs texts without their context
    public ClassifyOptions withMeasure(Measure other) {
        return new ClassifyOptions(text, labels, labelColumn, other, prefix, onError);
    }

    /// The same with another beginning of the added columns' names.
    public ClassifyOptions withPrefix(String start) {
        return new ClassifyOptions(text, labels, labelColumn, measure, start, onError);
    }

    /// The same with another rule for errors.
    public ClassifyOptions withOnError(OnError rule) {
        return new ClassifyOptions(text, labels, labelColumn, measure, prefix, rule);
    }
}
