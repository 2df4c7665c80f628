package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ternlm.spark.TestSession.frame;
import static org.ternlm.spark.TestSession.sorted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows and models that are no good.
class ErrorsTest {
    private static final String LONG = "Once upon a time there was a dog. ".repeat(80);
    private static final List<String> TEXTS = Arrays.asList("A cat sat.", null, LONG, "He ran.");

    @TempDir
    Path folder;

    private static TernSpark tern(SparkModel model) {
        return TernSpark.of(TestSession.spark(), model);
    }

    private static void fails(Dataset<Row> frame, String... parts) {
        assertThatThrownBy(frame::collectAsList).isInstanceOf(SparkException.class).satisfies(problem -> {
            String all = Stream.iterate(problem, cause -> cause != null, Throwable::getCause).map(String::valueOf)
                    .reduce("", String::concat);
            assertThat(all).contains(parts);
        });
    }

    @Test
    void badRowsGetTheirErrorAndTheOthersTheirAnswer() {
        TernSpark tern = tern(TestSession.stories());
        List<Row> rows = sorted(tern.score(frame(TEXTS, 2), ScoreOptions.of("text").withOnError(OnError.ROW)));
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).<Double>getAs("nats")).isPositive();
        assertThat(rows.get(0).<String>getAs("error")).isNull();
        assertThat(rows.get(1).<String>getAs("error")).isEqualTo("the text is null");
        assertThat(rows.get(1).<Double>getAs("nats")).isNull();
        assertThat(rows.get(1).<Integer>getAs("tokens")).isNull();
        assertThat(rows.get(2).<String>getAs("error")).matches("the text has \\d+ tokens, the context holds 512");
        assertThat(rows.get(2).<String>getAs("text")).isEqualTo(LONG);
        assertThat(rows.get(3).<String>getAs("error")).isNull();
        // Spark computes a frame twice to sort it: once to find out how to divide it.
        assertThat(tern.metrics().rows()).isEqualTo(2 * 4);
        assertThat(tern.metrics().errors()).isEqualTo(2 * 2);
    }

    @Test
    void longTextsMayBeScoredInWindows() {
        Dataset<Row> scored = tern(TestSession.stories()).score(frame(TEXTS, 2), ScoreOptions.of("text").withWindows(
                true).withOnError(OnError.ROW));
        Row row = sorted(scored).get(2);
        assertThat(row.<String>getAs("error")).isNull();
        assertThat(row.<Integer>getAs("tokens")).isGreaterThan(512);
    }

    @Test
    void theFirstBadRowFailsTheJobWithItsPlace() {
        Dataset<Row> one = frame(TEXTS, 1).coalesce(1).sortWithinPartitions("id");
        fails(tern(TestSession.stories()).score(one, ScoreOptions.of("text")),
                "partition 0, row 2: the text is null");
        Dataset<Row> sized = one.filter("text is not null");
        fails(tern(TestSession.stories()).score(sized, ScoreOptions.of("text")), "partition 0, row 2: the text has ",
                " tokens, the context holds 512");
        fails(tern(TestSession.stories()).generate(sized, GenerateOptions.of("text").withPrefix("made_")),
                "partition 0, row 2: the prompt has ", " tokens, the context holds 512");
    }

    @Test
    void perplexityCountsWhatItLeavesOut() {
        Row row = tern(TestSession.stories()).perplexity(frame(TEXTS, 2), ScoreOptions.of("text").withOnError(
                OnError.ROW)).head();
        assertThat(row.<Long>getAs("rows")).isEqualTo(4);
        assertThat(row.<Long>getAs("errors")).isEqualTo(2);
        assertThat(row.<Double>getAs("perplexity")).isPositive();
        Row nothing = tern(TestSession.stories()).perplexity(frame(Arrays.asList((String) null), 1), ScoreOptions.of(
                "text").withOnError(OnError.ROW)).head();
        assertThat(nothing.<Long>getAs("errors")).isEqualTo(1);
        assertThat(nothing.<Double>getAs("perplexity")).isNull();
    }

    @Test
    void badKeysAndLabels() {
        TernSpark tern = tern(TestSession.stories());
        Dataset<Row> keyless = frame(List.of("A", "B"), 1).withColumn("key", functions.expr(
                "if(id = 1, null, 'k')"));
        List<Row> made = sorted(tern.generate(keyless, GenerateOptions.of("text").withKey("key").withPrefix("made_")
                .withMaxTokens(1).withOnError(OnError.ROW)));
        assertThat(made.get(0).<String>getAs("made_error")).isNull();
        assertThat(made.get(1).<String>getAs("made_error")).isEqualTo("the key is null");
        Dataset<Row> labelled = frame(List.of("A", "B", "C", "D", LONG), 1).withColumn("labels", functions.expr(
                "case id when 0 then array(' x') when 1 then array() when 2 then array(' x', null) "
                        + "when 3 then array('') else array(' x') end"));
        List<Row> rows = sorted(tern.classify(labelled, ClassifyOptions.ofColumn("text", "labels").withOnError(
                OnError.ROW)));
        assertThat(rows.stream().map(row -> row.<String>getAs("error")).limit(4)).containsExactly(null,
                "labels: the list is empty", "labels: one of them is null",
                "continuation 1: the continuation adds no token to its context");
        assertThat(rows.get(4).<String>getAs("error")).matches(
                "text and label have \\d+ tokens, the context holds 513");
    }

    @Test
    void aModelThatIsMissingOnAnExecutor() throws IOException {
        Path copy = copy();
        SparkModel model = SparkModel.at(copy.toString()).withThreads(1);
        Files.delete(copy.resolve("config.json"));
        String expected = "expected the model that the driver has: the folder has no config.json";
        fails(tern(model).score(frame(TEXTS, 1), ScoreOptions.of("text")), "executor driver on 127.0.0.1: ", expected);
        List<Row> rows = sorted(tern(model).score(frame(TEXTS, 2), ScoreOptions.of("text").withOnError(OnError.ROW)));
        assertThat(rows).hasSize(4).allSatisfy(row -> assertThat(row.<String>getAs("error")).contains(expected));
        assertThatThrownBy(() -> SparkModel.at(copy.toString())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(copy + ": expected a model on the driver: the folder has no config.json");
        assertThatThrownBy(() -> SparkModel.at(folder.resolve("none").toString())).isInstanceOf(
                IllegalArgumentException.class).hasMessageEndingWith("no such folder or file");
    }

    @Test
    void anotherModelOnAnExecutor() throws IOException {
        Path copy = copy();
        SparkModel model = SparkModel.at(copy.toString()).withThreads(1);
        Path tokenizer = copy.resolve("tokenizer_config.json");
        Files.writeString(tokenizer, Files.readString(tokenizer) + " ");
        fails(tern(model).score(frame(TEXTS, 1), ScoreOptions.of("text")), copy
                + " is another model than the driver has: expected SHA-256 " + model.fingerprint().substring(0, 16));
    }

    @Test
    void aDamagedModelSaysWhatIsWrong() throws IOException {
        Path copy = copy();
        Path weights = copy.resolve("model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 1000));
        fails(tern(SparkModel.at(copy.toString())).score(frame(TEXTS, 1), ScoreOptions.of("text")),
                "model.safetensors");
    }

    @Test
    void anotherTernOnAnExecutor() {
        fails(tern(TestSession.stories().withVersion("9.9")).score(frame(TEXTS, 1), ScoreOptions.of("text")),
                "expected Tern 9.9, which the driver has, found " + Version.NUMBER + ": give both the same jars");
        assertThat(Version.NUMBER).matches("\\d+\\.\\d+.*");
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("model"));
        try (Stream<Path> files = Files.list(TestSession.model("stories260K-llama-f32"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
