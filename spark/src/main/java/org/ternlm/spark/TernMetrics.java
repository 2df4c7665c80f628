package org.ternlm.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/// What tasks have done, in Spark's accumulators, which its web page shows by the names `tern …`. Spark adds what successful
/// tasks report: a task that failed does not count, and what is computed twice, such as a frame that is sorted, counts twice.
public final class TernMetrics implements Serializable {
    private static final double NANOS = 1e9;

    private final LongAccumulator rows;
    private final LongAccumulator errors;
    private final LongAccumulator promptTokens;
    private final LongAccumulator generatedTokens;
    private final LongAccumulator nanos;

    TernMetrics(SparkContext context) {
        rows = context.longAccumulator("tern rows");
        errors = context.longAccumulator("tern errors");
        promptTokens = context.longAccumulator("tern prompt tokens");
        generatedTokens = context.longAccumulator("tern generated tokens");
        nanos = context.longAccumulator("tern nanoseconds");
    }

    void answered(Pending.Answer answer) {
        rows.add(1L);
        promptTokens.add((long) answer.promptTokens());
        generatedTokens.add((long) answer.generatedTokens());
    }

    void failed() {
        rows.add(1L);
        errors.add(1L);
    }

    void took(long time) {
        nanos.add(time);
    }

    /// Rows so far, with and without an error.
    public long rows() {
        return rows.sum();
    }

    /// Rows that got an error.
    public long errors() {
        return errors.sum();
    }

    /// Tokens of texts, prompts and of texts with their labels. Those that prompts have in common count each time.
    public long promptTokens() {
        return promptTokens.sum();
    }

    /// Tokens that were generated.
    public long generatedTokens() {
        return generatedTokens.sum();
    }

    /// Seconds in which tasks waited for the model, of all tasks together.
    public double seconds() {
        return nanos.sum() / NANOS;
    }
}
