package org.ternlm.spark;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;

/// What SQL functions work with.
///
/// @param seed of random numbers
record SqlSettings(SparkModel model, OnError onError, long seed, TernMetrics metrics) {
    private static final String PREFIX = "spark.tern.";
    /// A model is read through once, not for each query.
    private static final Map<ModelPlace, SparkModel> KNOWN = new ConcurrentHashMap<>();

    /// As the session is configured.
    ///
    /// @throws IllegalArgumentException if there is no model, or a value is wrong
    static SqlSettings of(SparkSession session) {
        String path = setting(session, "model", "");
        String shipped = setting(session, "model.shipped", "");
        if (path.isEmpty() == shipped.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected either spark.tern.model=PATH or spark.tern.model.shipped=NAME, found %s".formatted(path
                            .isEmpty() ? "neither" : "both"));
        }
        SparkModel model = KNOWN.computeIfAbsent(new ModelPlace(path + shipped, path.isEmpty()), place -> place
                .shipped() ? SparkModel.shipped(place.name()) : SparkModel.at(place.name()));
        return new SqlSettings(model.withThreads((int) number(session, "threads", model.threads()))
                .withSequences((int) number(session, "sequences", model.sequences())), onError(session),
                number(
                        session, "seed", 0),
                new TernMetrics(session.sparkContext()));
    }

    private static OnError onError(SparkSession session) {
        String found = setting(session, "onError", "fail");
        try {
            return OnError.valueOf(found.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("%sonError: expected fail or row, found %s".formatted(PREFIX, found),
                    wrong);
        }
    }

    private static long number(SparkSession session, String name, long usual) {
        String found = setting(session, name, Long.toString(usual));
        try {
            return Long.parseLong(found);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("%s%s: expected a whole number, found %s".formatted(PREFIX, name, found),
                    wrong);
        }
    }

    private static String setting(SparkSession session, String name, String usual) {
        return session.conf().get(PREFIX + name, usual);
    }
}
