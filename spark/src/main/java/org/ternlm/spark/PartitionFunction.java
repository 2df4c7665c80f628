package org.ternlm.spark;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/// What a task does with its partition.
final class PartitionFunction implements MapPartitionsFunction<Row, Row> {
    private final SparkModel model;
    private final RowTask task;
    private final OnError onError;
    private final TernMetrics metrics;

    PartitionFunction(SparkModel model, RowTask task, OnError onError, TernMetrics metrics) {
        this.model = model;
        this.task = task;
        this.onError = onError;
        this.metrics = metrics;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new PartitionRun(new RowDesk(model, task, onError, metrics), rows, model.sequences());
    }
}
