package org.ternlm.spark;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Aggregator;
import org.jspecify.annotations.Nullable;

/// The perplexity of many texts.
///
/// @param <I> what it is computed of
final class PerplexityAggregator<I extends @Nullable Object> extends Aggregator<I, PerplexitySum, Row> {
    private final Scoring<I> scoring;

    /// Gives `nats`, `tokens`, `bytes` and `error`.
    @FunctionalInterface
    interface Scoring<I extends @Nullable Object> extends Serializable {
        Row score(I input);
    }

    PerplexityAggregator(Scoring<I> scoring) {
        this.scoring = scoring;
    }

    @Override
    public PerplexitySum zero() {
        return new PerplexitySum();
    }

    @Override
    public PerplexitySum reduce(PerplexitySum sum, I input) {
        sum.add(scoring.score(input));
        return sum;
    }

    @Override
    public PerplexitySum merge(PerplexitySum sum, PerplexitySum other) {
        sum.add(other);
        return sum;
    }

    @Override
    public Row finish(PerplexitySum sum) {
        return sum.row();
    }

    @Override
    public Encoder<PerplexitySum> bufferEncoder() {
        return Encoders.javaSerialization(PerplexitySum.class);
    }

    @Override
    public Encoder<Row> outputEncoder() {
        return Encoders.row(PerplexitySum.TYPE);
    }
}
