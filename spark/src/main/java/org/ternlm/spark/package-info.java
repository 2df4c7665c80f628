/// Models that score, generate and classify the rows of Apache Spark's DataFrames: one open model for each executor, whose
/// tasks share each pass over the weights.
///
/// ```
/// TernSpark tern = TernSpark.of(spark, SparkModel.at("models/tern-stories-5M-b158.gguf"));
/// tern.score(frame, ScoreOptions.of("text")).show();
/// ```
@NullMarked
package org.ternlm.spark;

import org.jspecify.annotations.NullMarked;
