package org.ternlm.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/// A model that all executors have, and how each of them opens it. An executor compares what it finds with what the driver
/// saw, and Tern's own version with the driver's, before it computes anything.
///
/// Immutable; it travels to the executors with each task.
///
/// @param place where they find it
/// @param fingerprint SHA-256 of the model's files, 64 hexadecimal digits
/// @param version Tern's version on the driver
/// @param threads that compute on an executor; 0 for as many as it has cores by `spark.executor.cores`, or else as its
/// machine has
/// @param sequences most rows that an executor computes at once, and that a task has under way; 1 to 1024
public record SparkModel(ModelPlace place, String fingerprint, String version, int threads, int sequences)
        implements
            Serializable {
    private static final int SEQUENCES = 32;

    /// @throws IllegalArgumentException if a number is out of range
    public SparkModel {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("threads: expected 0 to 1024, found " + threads);
        }
        if (sequences < 1 || sequences > 1024) {
            throw new IllegalArgumentException("sequences: expected 1 to 1024, found " + sequences);
        }
    }

    /// The folder or GGUF file at the same path of every machine, the driver's included.
    ///
    /// @throws IllegalArgumentException if the driver does not find it
    public static SparkModel at(String path) {
        return found(new ModelPlace(path, false));
    }

    /// A GGUF file or a packed folder that Spark ships: `--files m.gguf` or `SparkContext.addFile`, and the name is
    /// `m.gguf`; `--archives m.zip#m` or `SparkContext.addArchive`, and it is `m`.
    ///
    /// @throws IllegalArgumentException if the driver does not find it
    public static SparkModel shipped(String name) {
        return found(new ModelPlace(name, true));
    }

    /// For a driver that has no copy of the model itself: the caller says which fingerprint the executors have to find.
    ///
    /// @throws IllegalArgumentException if the fingerprint is not 64 hexadecimal digits
    public static SparkModel at(String path, String fingerprint) {
        if (!fingerprint.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("fingerprint: expected 64 hexadecimal digits, found " + fingerprint);
        }
        return new SparkModel(new ModelPlace(path, false), fingerprint, Version.NUMBER, 0, SEQUENCES);
    }

    private static SparkModel found(ModelPlace place) {
        Path path = place.path();
        try {
            return new SparkModel(place, Fingerprint.of(path), Version.NUMBER, 0, SEQUENCES);
        } catch (IOException problem) {
            throw new IllegalArgumentException("%s: expected a model on the driver: %s".formatted(path, problem
                    .getMessage()), problem);
        }
    }

    /// The same with so many computing threads on an executor.
    ///
    /// @throws IllegalArgumentException if that is not 0 to 1024
    public SparkModel withThreads(int count) {
        return new SparkModel(place, fingerprint, version, count, sequences);
    }

    /// The same with so many rows at once on an executor.
    ///
    /// @throws IllegalArgumentException if that is not 1 to 1024
    public SparkModel withSequences(int count) {
        return new SparkModel(place, fingerprint, version, threads, count);
    }

    /// As another version of Tern on the driver would say it.
    SparkModel withVersion(String other) {
        return new SparkModel(place, fingerprint, other, threads, sequences);
    }
}
