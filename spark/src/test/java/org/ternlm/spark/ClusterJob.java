package org.ternlm.spark;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/// A driver with a cluster of two executors, each a process of one core: scores many short texts, twice, continues a few,
/// and writes what came out.
final class ClusterJob {
    private static final int PARTITIONS = 100;
    static final int CONTINUED = 1000;
    static final GenerateOptions OPTIONS = GenerateOptions.of("text").withKey("id").withMaxTokens(8)
            .withTemperature(0.8)
            .withSeed(11);

    private ClusterJob() {}

    /// Tells on standard output what happens.
    private static final class Told extends SparkListener {
        private final AtomicInteger done = new AtomicInteger();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo().successful()) {
                System.out.println("done " + done.incrementAndGet());
            } else {
                System.out.println("failed task " + end.taskInfo().taskId());
            }
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            System.out.println("removed executor " + removed.executorId());
        }
    }

    /// @param args the model, the number of texts, the file to write
    public static void main(String[] args) throws IOException {
        long count = Long.parseLong(args[1]);
        String classPath = System.getProperty("java.class.path");
        try (SparkSession spark = SparkSession.builder().master("local-cluster[2,1,1024]").appName("tern cluster")
                .config("spark.ui.enabled", false).config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1").config("spark.executor.cores", 1)
                .config("spark.executor.memory", "1g").config("spark.executor.extraClassPath", classPath)
                .getOrCreate()) {
            spark.sparkContext().addSparkListener(new Told());
            TernSpark tern = TernSpark.of(spark, SparkModel.at(args[0]));
            UDF1<Long, String> text = ShortTexts::of;
            Dataset<Row> texts = spark.range(0, count, 1, PARTITIONS).withColumn("text", functions.udf(text,
                    DataTypes.StringType).apply(functions.col("id")));
            // Executors start, open the model and compile their loops.
            tern.score(texts.limit((int) Math.min(count, 4000)).repartition(4), ScoreOptions.of("text")).count();
            System.out.println("ready");
            Dataset<Row> scored = tern.score(texts, ScoreOptions.of("text")).select("id", "nats", "tokens", "error");
            List<Row> undisturbed = timed("undisturbed", scored, count);
            System.out.println("kill one now");
            List<Row> rows = timed("disturbed", scored, count);
            if (!rows.equals(undisturbed)) {
                throw new AssertionError("the second run gave other rows than the first");
            }
            List<Row> made = tern.generate(texts.filter("id < " + CONTINUED), OPTIONS).collectAsList();
            write(Path.of(args[2]), rows, made);
            System.out.println("metrics %d rows, %d errors, %d prompt tokens, %d generated tokens".formatted(
                    tern.metrics()
                            .rows(),
                    tern.metrics().errors(), tern.metrics().promptTokens(), tern.metrics().generatedTokens()));
        }
        System.out.println("finished");
    }

    private static List<Row> timed(String what, Dataset<Row> frame, long count) {
        long start = System.nanoTime();
        List<Row> rows = new ArrayList<>(frame.collectAsList());
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out
                .println("%s: %d of %d rows in %.1f s, %.0f/s".formatted(what, rows.size(), count, seconds, rows.size()
                        / seconds));
        return rows;
    }

    private static void write(Path file, List<Row> scored, List<Row> made) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(scored.size());
            for (Row row : scored) {
                out.writeLong(row.getLong(0));
                out.writeDouble(row.getDouble(1));
                out.writeInt(row.getInt(2));
                out.writeBoolean(row.isNullAt(3));
            }
            out.writeInt(made.size());
            for (Row row : made) {
                out.writeLong(row.getLong(0));
                out.writeUTF(row.getAs("generated"));
            }
        }
    }
}
