package org.ternlm.spark;

import org.apache.spark.sql.SparkSession;

/// SQL functions for one session: `tern_score(text)`, `tern_generate(prompt, max_tokens, temperature, key)`,
/// `tern_classify(text, labels)` and the aggregate `tern_perplexity(text)`. All but the last return a struct whose last field
/// is `error`. [TernExtensions] gives them to all sessions of an application without code.
public final class TernFunctions {
    private TernFunctions() {}

    /// Registers them, in place of those that the session may have.
    ///
    /// @param onError what becomes of rows that cannot be answered
    /// @param seed of random numbers
    /// @return what they will have computed
    public static TernMetrics register(SparkSession session, SparkModel model, OnError onError, long seed) {
        SqlSettings settings = new SqlSettings(model, onError, seed, new TernMetrics(session.sparkContext()));
        for (SqlFunction function : SqlFunction.values()) {
            Catalyst.register(session, function, () -> settings);
        }
        return settings.metrics();
    }
}
