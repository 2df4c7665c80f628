package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ternlm.spark.TestSession.TEXTS;
import static org.ternlm.spark.TestSession.frame;
import static org.ternlm.spark.TestSession.sorted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same answers in SQL as by [TernSpark].
class SqlFunctionsTest {
    private SparkSession session;

    @BeforeEach
    void open() {
        session = TestSession.spark();
        session.conf().set("spark.tern.threads", "1");
        frame(TEXTS, 3).createOrReplaceTempView("stories");
    }

    @AfterEach
    void restore() {
        for (String name : List.of("onError", "seed", "threads")) {
            session.conf().unset("spark.tern." + name);
        }
        session.conf().set("spark.tern.model", TestSession.model("stories260K-llama-f32").toString());
    }

    private static TernSpark tern() {
        return TernSpark.of(TestSession.spark(), TestSession.stories());
    }

    private List<Row> sql(String query) {
        return session.sql(query).collectAsList();
    }

    private void fails(String query, String... parts) {
        assertThatThrownBy(() -> sql(query)).satisfies(problem -> assertThat(Stream.iterate(problem,
                cause -> cause != null, Throwable::getCause).map(String::valueOf).reduce("", String::concat))
                .contains(parts));
    }

    @Test
    void scores() {
        assertThat(sql("select id, text, s.* from (select id, text, tern_score(text) s from stories) order by id"))
                .isEqualTo(sorted(tern().score(frame(TEXTS, 2), ScoreOptions.of("text"))));
        assertThat(sql("select tern_score('A cat sat.').tokens")).hasSize(1);
    }

    @Test
    void perplexity() {
        Row expected = tern().perplexity(frame(TEXTS, 2), ScoreOptions.of("text")).head();
        assertThat(sql("select p.* from (select tern_perplexity(text) p from stories)")).containsExactly(expected);
        assertThat(sql("select id % 2, tern_perplexity(text).rows from stories group by 1 order by 1").stream().map(
                row -> row.getLong(1))).containsExactly(5L, 4L);
    }

    @Test
    void generations() {
        session.conf().set("spark.tern.seed", "5");
        GenerateOptions options = GenerateOptions.of("story").withKey("id").withMaxTokens(6).withTemperature(0.8)
                .withSeed(5);
        List<Row> expected = sorted(tern().generate(frame(TEXTS, 2).withColumnRenamed("text", "story"), options));
        assertThat(sql("select id, text as story, g.* from (select id, text, tern_generate(text, 2 * 3, 0.8, id) g "
                + "from stories) order by id")).isEqualTo(expected);
        assertThat(sql("select tern_generate('Once upon a time', 3).generated").getFirst().getString(0)).isNotEmpty();
    }

    @Test
    void classes() {
        List<String> labels = List.of(" He was happy.", " She was sad.");
        assertThat(sql("select id, text, c.* from (select id, text, "
                + "tern_classify(text, array(' He was happy.', ' She was sad.')) c from stories) order by id"))
                .isEqualTo(sorted(tern().classify(frame(TEXTS, 2), ClassifyOptions.of("text", labels))));
    }

    @Test
    void badRows() {
        List<String> texts = Arrays.asList("A cat.", null);
        frame(texts, 1).createOrReplaceTempView("bad");
        fails("select tern_score(text) from bad", "the text is null");
        session.conf().set("spark.tern.onError", "row");
        List<String> errors = new ArrayList<>();
        Consumer<Row> add = row -> errors.add(row.getString(0));
        sql("select tern_score(text).error from bad order by id").forEach(add);
        assertThat(errors).containsExactly(null, "the text is null");
        Row row = sql("select p.* from (select tern_perplexity(text) p from bad)").getFirst();
        assertThat(row.<Long>getAs("rows")).isEqualTo(2);
        assertThat(row.<Long>getAs("errors")).isEqualTo(1);
    }

    @Test
    void badSettingsAndArguments() {
        fails("select tern_score(text, 1) from stories", "tern_score: expected 1, found 2 arguments");
        fails("select tern_generate() from stories", "tern_generate: expected 1 to 4, found 0 arguments");
        fails("select tern_generate(text, id) from stories",
                "max_tokens: expected a number that is constant, found a column");
        session.conf().set("spark.tern.onError", "maybe");
        fails("select tern_score(text) from stories", "spark.tern.onError: expected fail or row, found maybe");
        session.conf().unset("spark.tern.onError");
        session.conf().set("spark.tern.seed", "x");
        fails("select tern_score(text) from stories", "spark.tern.seed: expected a whole number, found x");
        session.conf().unset("spark.tern.seed");
        session.conf().set("spark.tern.model", "/nowhere");
        fails("select tern_score(text) from stories", "/nowhere: expected a model on the driver: no such folder");
        session.conf().unset("spark.tern.model");
        fails("select tern_score(text) from stories",
                "expected either spark.tern.model=PATH or spark.tern.model.shipped=NAME, found neither");
    }

    @Test
    void oneCallRegistersThemForASession() {
        SparkSession other = session.newSession();
        TernMetrics metrics = TernFunctions.register(other, TestSession.stories(), OnError.ROW, 3);
        assertThat(other.sql("select tern_score(cast(null as string)).error").head().getString(0)).isEqualTo(
                "the text is null");
        other.range(0, 6, 1, 2).selectExpr("tern_generate('Once', 4, 1.0, id) g").collectAsList();
        assertThat(metrics.rows()).isGreaterThanOrEqualTo(6);
        assertThat(metrics.generatedTokens()).isEqualTo(24);
        assertThat(other.sql("describe function tern_generate").collectAsList().toString()).contains(
                "tern_generate(prompt[, max_tokens[, temperature[, key]]])");
    }
}
