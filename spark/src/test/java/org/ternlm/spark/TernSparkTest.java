package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ternlm.spark.TestSession.TEXTS;
import static org.ternlm.spark.TestSession.frame;
import static org.ternlm.spark.TestSession.sorted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.eval.task.Measure;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Generation;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Score;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// Frames against the library: equal bits, whatever the partitions.
class TernSparkTest {
    private static Tern library;
    private static TernSpark tern;

    @BeforeAll
    static void open() {
        library = Tern.open(TestSession.model("stories260K-llama-f32"), 1);
        tern = TernSpark.of(TestSession.spark(), TestSession.stories());
    }

    @AfterAll
    static void close() {
        library.close();
    }

    private static Score score(String text) {
        return library.scorer().score(library.tokenizer().encode(text, true), 1);
    }

    @Test
    void scoresAreThoseOfTheLibraryInAnyPartitions() {
        for (int partitions : new int[] {1, 4}) {
            List<Row> rows = sorted(tern.score(frame(TEXTS, partitions), ScoreOptions.of("text").withLogProbabilities(
                    true)));
            assertThat(rows).hasSameSizeAs(TEXTS);
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                Score expected = score(TEXTS.get(i));
                assertThat(row.getLong(0)).isEqualTo(i);
                assertThat(row.<Double>getAs("nats")).isEqualTo(0 - expected.sum());
                assertThat(row.<Integer>getAs("tokens")).isEqualTo(expected.logProbabilities().length);
                assertThat(row.<Double>getList(row.fieldIndex("logprobs"))).containsExactlyElementsOf(Arrays.stream(
                        expected.logProbabilities()).boxed().toList());
                assertThat(row.<Long>getAs("bytes")).isEqualTo(TEXTS.get(i).getBytes(
                        java.nio.charset.StandardCharsets.UTF_8).length);
                assertThat(row.<String>getAs("error")).isNull();
            }
        }
    }

    @Test
    void aRowIsContinuedByItsKeyAndTheSeedAlone() throws InterruptedException {
        List<String> prompts = TEXTS.stream().filter(text -> !text.isEmpty()).toList();
        GenerateOptions options = GenerateOptions.of("text").withKey("id").withMaxTokens(12).withTemperature(0.9)
                .withMostLikely(40, 0.95, 0).withSeed(7);
        List<Row> one = sorted(tern.generate(frame(prompts, 1), options));
        List<Row> many = sorted(tern.generate(frame(prompts, 5), options));
        assertThat(many).isEqualTo(one);
        assertThat(sorted(tern.generate(frame(prompts, 2), options.withSeed(8)))).isNotEqualTo(one);
        try (Session session = library.session()) {
            for (int i = 0; i < prompts.size(); i++) {
                Generation expected = session.generate(library.request(prompts.get(i)).withMaxTokens(12).withSampling(
                        new Sampling(0.9, 40, 0.95, 0, 1, 0, 0, Map.of(), RowSeed.of(7, Integer.toString(i)))),
                        event -> {});
                Row row = one.get(i);
                assertThat(row.<String>getAs(2)).isEqualTo(expected.text());
                assertThat(row.<String>getAs("finish_reason")).isEqualTo(expected.reason().jsonName());
                assertThat(row.<Integer>getAs("prompt_tokens")).isEqualTo(expected.promptTokens().length);
                assertThat(row.<Integer>getAs("generated_tokens")).isEqualTo(expected.tokens().length);
            }
        }
    }

    @Test
    void withoutAKeyEqualPromptsGetEqualAnswersAndWithOneTheyDoNot() {
        List<String> same = List.of("Once upon a time", "Once upon a time", "Once upon a time", "Once upon a time");
        GenerateOptions options = GenerateOptions.of("text").withPrefix("made_").withMaxTokens(16).withTemperature(1);
        assertThat(new HashSet<>(texts(tern.generate(frame(same, 2), options)))).hasSize(1);
        assertThat(new HashSet<>(texts(tern.generate(frame(same, 2), options.withKey("id"))))).hasSize(4);
    }

    private static List<String> texts(Dataset<Row> frame) {
        List<String> texts = new ArrayList<>();
        sorted(frame).forEach(row -> texts.add(row.getAs("made_generated")));
        return texts;
    }

    @Test
    void thePerplexityOfAColumnIsThatOfItsTextsTogether() {
        Perplexity all = new Perplexity();
        TEXTS.forEach(text -> all.add(score(text)));
        Row one = tern.perplexity(frame(TEXTS, 1), ScoreOptions.of("text")).head();
        assertThat(one.<Double>getAs("nats_per_token")).isCloseTo(all.natsPerToken(), within(1e-12));
        assertThat(one.<Double>getAs("perplexity")).isCloseTo(all.value(), within(1e-9));
        assertThat(one.<Long>getAs("tokens")).isEqualTo(all.tokens());
        assertThat(one.<Long>getAs("rows")).isEqualTo(TEXTS.size());
        long bytes = String.join("", TEXTS).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        assertThat(one.<Long>getAs("bytes")).isEqualTo(bytes);
        assertThat(one.<Double>getAs("bits_per_byte")).isCloseTo(all.natsPerToken() * all.tokens() / Math.log(2)
                / bytes, within(1e-12));
        // To the last bit, though sums come in another order.
        assertThat(tern.perplexity(frame(TEXTS, 7), ScoreOptions.of("text")).head()).isEqualTo(one);
    }

    @Test
    void perplexityByGroups() {
        Dataset<Row> grouped = frame(TEXTS, 3).withColumn("part", functions.col("id").mod(functions.lit(2)));
        List<Row> rows = tern.perplexity(grouped, ScoreOptions.of("text"), "part").orderBy("part").collectAsList();
        assertThat(rows).hasSize(2);
        for (int part = 0; part < 2; part++) {
            Perplexity expected = new Perplexity();
            for (int i = part; i < TEXTS.size(); i += 2) {
                expected.add(score(TEXTS.get(i)));
            }
            assertThat(rows.get(part).<Double>getAs("perplexity")).isCloseTo(expected.value(), within(1e-9));
        }
    }

    @Test
    void theLabelIsTheMostLikelyContinuation() {
        List<String> labels = List.of(" happy", " a big red ball", " sad and she cried");
        List<String> texts = List.of("Lily was very", "The boy played with", "She lost her doll. She was");
        for (Measure measure : List.of(Measure.RAW, Measure.TOKEN, Measure.CHARACTER, Measure.BYTE)) {
            List<Row> rows = sorted(tern.classify(frame(texts, 2), ClassifyOptions.of("text", labels).withMeasure(
                    measure)));
            for (int i = 0; i < texts.size(); i++) {
                List<Double> expected = new ArrayList<>();
                for (String label : labels) {
                    Continuation choice = Continuation.of(library.tokenizer(), library.bosId(), texts.get(i), label);
                    double sum = library.scorer().scoreTogether(List.of(choice)).getFirst().sum();
                    expected.add(sum / switch (measure) {
                        case TOKEN -> choice.tokens().length;
                        case RAW -> 1;
                        // They are plain ASCII.
                        default -> label.length() - 1;
                    });
                }
                Row row = rows.get(i);
                assertThat(row.<Double>getList(row.fieldIndex("scores"))).isEqualTo(expected);
                assertThat(row.<String>getAs("label")).isEqualTo(labels.get(expected.indexOf(expected.stream().max(
                        Double::compare).orElseThrow())));
            }
        }
    }

    @Test
    void labelsMayStandInTheRow() {
        List<String> texts = List.of("Lily was very", "The boy played with");
        Dataset<Row> labelled = frame(texts, 2).withColumn("labels", functions.split(functions.lit(" happy; the ball"),
                ";"));
        assertThat(sorted(tern.classify(labelled, ClassifyOptions.ofColumn("text", "labels")).drop("labels")))
                .isEqualTo(sorted(tern.classify(frame(texts, 1), ClassifyOptions.of("text", List.of(" happy",
                        " the ball")))));
    }

    @Test
    void metricsCountRowsTokensAndTime() {
        TernSpark counted = TernSpark.of(TestSession.spark(), TestSession.stories());
        Dataset<Row> made = counted.generate(frame(TEXTS, 2), GenerateOptions.of("text").withPrefix("made_")
                .withMaxTokens(4));
        List<Row> rows = made.collectAsList();
        long given = rows.stream().mapToLong(row -> row.<Integer>getAs("made_prompt_tokens")).sum();
        long generated = rows.stream().mapToLong(row -> row.<Integer>getAs("made_generated_tokens")).sum();
        assertThat(counted.metrics().rows()).isEqualTo(TEXTS.size());
        assertThat(counted.metrics().errors()).isZero();
        assertThat(counted.metrics().promptTokens()).isEqualTo(given).isPositive();
        assertThat(counted.metrics().generatedTokens()).isEqualTo(generated).isPositive();
        assertThat(counted.metrics().seconds()).isPositive();
    }

    @Test
    void columnsThatDoNotFitAreRefusedAtOnce() {
        assertThatThrownBy(() -> tern.score(frame(TEXTS, 1), ScoreOptions.of("story"))).isInstanceOf(
                IllegalArgumentException.class).hasMessage("column story: there is none; there are id, text");
        assertThatThrownBy(() -> tern.score(frame(TEXTS, 1), ScoreOptions.of("id"))).isInstanceOf(
                IllegalArgumentException.class).hasMessage("column id: expected strings, found bigint");
        assertThatThrownBy(() -> tern.score(frame(TEXTS, 1).withColumnRenamed("id", "Nats"), ScoreOptions.of("text")))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "column nats: is to be added and there already; a prefix avoids that");
        Dataset<Row> timed = frame(TEXTS, 1).withColumn("at", functions.current_timestamp());
        assertThatThrownBy(() -> tern.generate(timed, GenerateOptions.of("text").withKey("at").withPrefix("x")))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "column at: expected strings or whole numbers, found timestamp");
        assertThatThrownBy(() -> ClassifyOptions.of("text", List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels: expected one at least");
    }
}
