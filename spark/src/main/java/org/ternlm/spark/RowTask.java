package org.ternlm.spark;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/// What is asked of the model for each row. Immutable; it travels to the executors.
interface RowTask extends Serializable {
    /// The columns that it adds, all nullable, without `error`.
    StructField[] columns();

    /// Begins with a row; what takes long is only begun, so that many rows share each pass over the weights.
    ///
    /// @throws RowException if the row cannot be answered
    Pending ask(ExecutorModel model, Row row);
}
