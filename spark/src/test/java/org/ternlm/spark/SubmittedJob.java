package org.ternlm.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/// What somebody could submit: functions of SQL by configuration, and a frame of [TernSpark].
public final class SubmittedJob {
    static final String QUERY = "select id, tern_score(concat('Lily saw ', id, ' cats.')) s from range(20)";

    private SubmittedJob() {}

    /// @param args the model, and the file to write
    public static void main(String[] args) throws IOException {
        SparkSession spark = SparkSession.builder().appName("submitted").getOrCreate();
        List<String> lines = new ArrayList<>(spark.sql("select s.nats from (" + QUERY + ") order by id").collectAsList()
                .stream().map(row -> Double.toString(row.getDouble(0))).toList());
        TernSpark tern = TernSpark.of(spark, SparkModel.at(args[0]));
        lines.add(Double.toString(tern.perplexity(texts(spark), ScoreOptions.of("text")).head().<Double>getAs(
                "perplexity")));
        Files.write(Path.of(args[1]), lines);
        spark.stop();
    }

    static Dataset<Row> texts(SparkSession spark) {
        return spark.sql("select id, concat('Lily saw ', id, ' cats.') text from range(20)");
    }
}
