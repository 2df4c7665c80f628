package org.ternlm.spark;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/// Where an executor finds the model.
///
/// @param name a path, or the name under which Spark ships it
/// @param shipped whether Spark ships it
public record ModelPlace(String name, boolean shipped) implements Serializable {
    /// The folder or GGUF file on this machine.
    Path path() {
        return Path.of(shipped ? SparkFiles.get(name) : name);
    }

    @Override
    public String toString() {
        return shipped ? name + " of Spark's files" : name;
    }
}
