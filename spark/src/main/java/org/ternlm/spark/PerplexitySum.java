package org.ternlm.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// What the aggregate `tern_perplexity` knows of the rows so far; public because Spark moves it between machines. The sum of
/// the logarithms is exact, so that the order does not matter. Not thread-safe.
public final class PerplexitySum implements Serializable {
    static final StructType TYPE = new StructType().add("rows", DataTypes.LongType).add("errors", DataTypes.LongType)
            .add("tokens", DataTypes.LongType).add("bytes", DataTypes.LongType).add("nats_per_token",
                    DataTypes.DoubleType)
            .add("perplexity", DataTypes.DoubleType).add("bits_per_byte", DataTypes.DoubleType);

    private long rows;
    private long errors;
    private long tokens;
    private long bytes;
    private BigDecimal nats = BigDecimal.ZERO;

    PerplexitySum() {}

    /// @param scored `nats`, `tokens`, `bytes` and `error`
    void add(Row scored) {
        rows++;
        if (scored.isNullAt(0)) {
            errors++;
            return;
        }
        nats = nats.add(new BigDecimal(scored.getDouble(0)));
        tokens += scored.getInt(1);
        bytes += scored.getLong(2);
    }

    void add(PerplexitySum other) {
        rows += other.rows;
        errors += other.errors;
        tokens += other.tokens;
        bytes += other.bytes;
        nats = nats.add(other.nats);
    }

    /// What there is no number for is null.
    Row row() {
        double sum = nats.doubleValue();
        return tokens == 0
                ? RowFactory.create(rows, errors, tokens, bytes, null, null, null)
                : RowFactory.create(rows, errors, tokens, bytes, sum / tokens, Math.exp(sum / tokens), bytes == 0
                        ? null
                        : sum / (bytes * Math.log(2)));
    }
}
