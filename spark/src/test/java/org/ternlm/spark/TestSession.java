package org.ternlm.spark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/// The one session of these tests, in this process with two tasks at once, and what they put into frames.
final class TestSession {
    static final List<String> TEXTS = List.of("Once upon a time there was a little girl.", "The dog ran to the park.",
            "She said, \"Hello!\"", "Tom and Ben like to play with the big red ball every day.", "", "A cat sat.",
            "One day it rained — the sky was grey.", "They were happy.", "He had a toy car and a toy boat.");
    private static final SparkSession SPARK = SparkSession.builder().master("local[2]").appName("tern")
            .config("spark.ui.enabled", false).config("spark.sql.shuffle.partitions", 2)
            .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.extensions", TernExtensions.class.getName())
            .config("spark.sql.warehouse.dir", Path.of("target", "warehouse").toAbsolutePath().toString())
            .config("spark.tern.model", model("stories260K-llama-f32").toString()).getOrCreate();

    private TestSession() {}

    static SparkSession spark() {
        return SPARK;
    }

    static Path model(String name) {
        return Path.of(System.getProperty("tern.root", ".."), "testdata", "models", name).toAbsolutePath().normalize();
    }

    static SparkModel stories() {
        return SparkModel.at(model("stories260K-llama-f32").toString()).withThreads(1);
    }

    /// Rows of `id` and `text`.
    static Dataset<Row> frame(List<String> texts, int partitions) {
        StructType schema = new StructType().add("id", DataTypes.LongType).add("text", DataTypes.StringType);
        Row[] rows = new Row[texts.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = RowFactory.create((long) i, texts.get(i));
        }
        return SPARK.createDataFrame(Arrays.asList(rows), schema).repartition(partitions);
    }

    static List<Row> sorted(Dataset<Row> frame) {
        return frame.orderBy("id").collectAsList();
    }
}
