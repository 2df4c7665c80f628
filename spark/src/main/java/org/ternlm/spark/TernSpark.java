package org.ternlm.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udaf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/// A model on all executors of a Spark session: DataFrame in, DataFrame out.
///
/// Every method but [#perplexity] keeps all rows and columns, and adds some; they are lazy, as all of Spark is. A row's
/// answer depends on the row, the model and the options alone: not on partitions, on other rows or on how often a task is
/// tried. Where errors are kept in rows, a row with an error has null in the other added columns.
///
/// Executors open the model when the first task needs it, share it among all tasks, and compute their rows together. Safe
/// for several threads.
public final class TernSpark {
    private static final String ERROR = "error";
    private static final String INNER = "tern_";

    private final SparkModel model;
    private final TernMetrics metrics;

    private TernSpark(SparkModel model, TernMetrics metrics) {
        this.model = model;
        this.metrics = metrics;
    }

    /// A model in a session.
    public static TernSpark of(SparkSession session, SparkModel model) {
        return new TernSpark(model, new TernMetrics(session.sparkContext()));
    }

    /// What has been computed by the frames of this object so far.
    public TernMetrics metrics() {
        return metrics;
    }

    /// The model.
    public SparkModel model() {
        return model;
    }

    /// How likely the model finds texts. Adds `nats` (the negative logarithm of the text's probability), `tokens` (how many
    /// were scored: all but the first), `bytes` (of UTF-8, of the scored tokens), `logprobs` if it is asked for, and
    /// `error`.
    ///
    /// @throws IllegalArgumentException if there is no such column of strings, or an added one is there already
    public Dataset<Row> score(Dataset<Row> frame, ScoreOptions options) {
        return extended(frame, new ScoreTask(Cells.textColumn(frame.schema(), options.text()), options
                .logProbabilities(), options.windows()), options.prefix(), options.onError());
    }

    /// Continues prompts. Adds `generated`, `finish_reason` (`stop`, `length`, `context`), `prompt_tokens`, `generated_tokens`
    /// and `error`.
    ///
    /// @throws IllegalArgumentException if the column of prompts or of keys is not there or of another type, or an added one
    /// is there already
    public Dataset<Row> generate(Dataset<Row> frame, GenerateOptions options) {
        StructType schema = frame.schema();
        int prompt = Cells.textColumn(schema, options.prompt());
        int key = options.key() == null ? prompt : Cells.keyColumn(schema, options.key());
        return extended(frame, new GenerateTask(prompt, key, options), options.prefix(), options.onError());
    }

    /// Finds the label that follows each text best. Adds `label`, `scores` (in the order of the labels) and `error`.
    ///
    /// @throws IllegalArgumentException if a column is not there or of another type, or an added one is there already
    public Dataset<Row> classify(Dataset<Row> frame, ClassifyOptions options) {
        StructType schema = frame.schema();
        int labels = options.labelColumn() == null ? -1 : Cells.textsColumn(schema, options.labelColumn());
        return extended(frame, new ClassifyTask(Cells.textColumn(schema, options.text()), options.labels(), labels,
                options.measure()), options.prefix(), options.onError());
    }

    /// How well the model expects a column of texts, all of them together or by groups. A row for each group with its
    /// columns and `rows`, `errors`, `tokens`, `bytes`, `nats_per_token`, `perplexity` and `bits_per_byte`; rows with an
    /// error count as such and nowhere else. Sums are exact, so that the result does not depend on partitions.
    ///
    /// @param groups names of columns
    /// @throws IllegalArgumentException if there is no such column of strings, or a column begins with `tern_`
    public Dataset<Row> perplexity(Dataset<Row> frame, ScoreOptions options, String... groups) {
        Column[] by = Stream.of(groups).map(name -> col(name)).toArray(Column[]::new);
        ScoreTask task = new ScoreTask(Cells.textColumn(frame.schema(), options.text()), false, options.windows());
        StructType scored = schema(new StructType(), task, INNER);
        Column[] parts = Stream.of(scored.fieldNames()).map(name -> col(name)).toArray(Column[]::new);
        Column sum = udaf(new PerplexityAggregator<Row>(row -> row), Encoders.row(scored)).apply(parts);
        return extended(frame, task, INNER, options.onError()).groupBy(by).agg(sum.as(INNER)).select(Stream.concat(
                Stream.of(by), Stream.of(col(INNER + ".*"))).toArray(Column[]::new));
    }

    /// Runs a task on the rows of a frame.
    Dataset<Row> extended(Dataset<Row> frame, RowTask task, String prefix, OnError onError) {
        StructType schema = schema(frame.schema(), task, prefix);
        return frame.mapPartitions(new PartitionFunction(model, task, onError, metrics), Encoders.row(schema));
    }

    private static StructType schema(StructType before, RowTask task, String prefix) {
        List<String> names = Arrays.stream(before.fieldNames()).map(name -> name.toLowerCase(Locale.ROOT)).toList();
        StructType all = before;
        for (StructField field : Stream.concat(Stream.of(task.columns()), Stream.of(Cells.added(ERROR,
                DataTypes.StringType))).toList()) {
            String name = prefix + field.name();
            if (names.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("column %s: is to be added and there already; a prefix avoids that"
                        .formatted(name));
            }
            all = all.add(name, field.dataType(), true);
        }
        return all;
    }
}
