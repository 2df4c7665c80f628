package org.ternlm.spark;

import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.ternlm.spark.ExecutorModels.Lease;

/// Asks the model about rows for one task of Spark, and keeps the model open as long as that task lasts. For one thread.
final class RowDesk {
    private final SparkModel model;
    private final RowTask task;
    private final OnError onError;
    private final TernMetrics metrics;
    private final int added;
    private @Nullable Lease lease;
    private @Nullable RowException noModel;

    RowDesk(SparkModel model, RowTask task, OnError onError, TernMetrics metrics) {
        this.model = model;
        this.task = task;
        this.onError = onError;
        this.metrics = metrics;
        added = task.columns().length;
    }

    /// Begins with a row. The model is opened for the first one.
    Pending ask(Row row) {
        long start = System.nanoTime();
        try {
            return task.ask(model(), row);
        } catch (RowException refused) {
            return new Pending.Refused(refused);
        } finally {
            metrics.took(System.nanoTime() - start);
        }
    }

    private ExecutorModel model() {
        if (noModel != null) {
            throw noModel;
        }
        if (lease == null) {
            try {
                lease = ExecutorModels.lease(model);
            } catch (ExecutorModelException missing) {
                if (onError == OnError.FAIL) {
                    throw missing;
                }
                noModel = new RowException(String.valueOf(missing.getMessage()));
                throw noModel;
            }
        }
        return lease.model();
    }

    /// The row with what was asked for, or with the error.
    ///
    /// @param place of the row, for the message
    /// @throws RowException if there is an error and it shall fail the task
    Row await(Row row, Pending pending, String place) {
        long start = System.nanoTime();
        try {
            Pending.Answer answer = pending.await();
            metrics.answered(answer);
            return extended(row, answer.values(), null);
        } catch (RowException refused) {
            metrics.failed();
            if (onError == OnError.FAIL) {
                throw new RowException(place + ": " + refused.getMessage());
            }
            return extended(row, new @Nullable Object[added], refused.getMessage());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the task was ended");
        } catch (RuntimeException broken) {
            // Rows are checked before the model sees them: it is the model itself that fails.
            if (lease != null) {
                lease.discard();
            }
            throw broken;
        } finally {
            metrics.took(System.nanoTime() - start);
        }
    }

    private static Row extended(Row row, @Nullable Object[] values, @Nullable String error) {
        @Nullable
        Object[] all = new @Nullable Object[row.length() + values.length + 1];
        for (int i = 0; i < row.length(); i++) {
            all[i] = row.get(i);
        }
        System.arraycopy(values, 0, all, row.length(), values.length);
        all[all.length - 1] = error;
        return RowFactory.create(all);
    }

    /// Lets go of the model; idempotent.
    void close() {
        if (lease != null) {
            lease.close();
        }
    }

    /// Closes it when the task ends; at once, where there is no task.
    ///
    /// @param before what has to be done first
    void closeWithTask(Runnable before) {
        TaskContext context = TaskContext.get();
        if (context == null) {
            throw new IllegalStateException("expected to be called by a task of Spark");
        }
        context.<Void>addTaskCompletionListener(ended -> {
            before.run();
            close();
            return null;
        });
    }
}
