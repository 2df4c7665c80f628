package org.ternlm.spark;

/// What becomes of a row that cannot be answered: it has no text or too much, its key is missing, or its executor cannot
/// open the model.
public enum OnError {
    /// The task fails with one line that says why, and Spark with it once it has tried as often as it is told to.
    FAIL,
    /// The row gets that line in the column `error`, and nothing in the others; it is counted by [TernMetrics#errors()].
    ROW
}
