package org.ternlm.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/// A function of SQL: a row of arguments in, a row of what a task adds and of the error out. Spark calls it for one row after
/// the other, so that only rows of an executor's several tasks share passes over the weights.
final class SqlCall implements UDF1<Row, Row> {
    private static final Row NOTHING = RowFactory.create();

    private final SparkModel model;
    private final RowTask task;
    private final OnError onError;
    private final TernMetrics metrics;
    private transient @Nullable TaskContext context;
    private transient @Nullable RowDesk desk;

    SqlCall(SparkModel model, RowTask task, OnError onError, TernMetrics metrics) {
        this.model = model;
        this.task = task;
        this.onError = onError;
        this.metrics = metrics;
    }

    /// What it returns.
    StructType type() {
        StructType type = new StructType();
        for (StructField field : task.columns()) {
            type = type.add(field);
        }
        return type.add("error", DataTypes.StringType);
    }

    @Override
    public Row call(Row arguments) {
        TaskContext current = TaskContext.get();
        if (current == null) {
            // The driver works constants out by itself.
            RowDesk own = newDesk();
            try {
                return answer(own, arguments, "the driver");
            } finally {
                own.close();
            }
        }
        if (desk == null || context != current) {
            desk = newDesk();
            context = current;
            desk.closeWithTask(() -> {});
        }
        return answer(desk, arguments, "partition " + current.partitionId());
    }

    private RowDesk newDesk() {
        return new RowDesk(model, task, onError, metrics);
    }

    private static Row answer(RowDesk desk, Row arguments, String place) {
        return desk.await(NOTHING, desk.ask(arguments), place);
    }
}
