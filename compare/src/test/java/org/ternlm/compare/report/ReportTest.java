package org.ternlm.compare.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.compare.step.Results;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Reports of the results that `configs/compare-toy.yaml` left once, whole, in part and changed.
class ReportTest {
    private static final Path SAMPLE = Path.of(System.getProperty("tern.root", ".."),
            "compare/src/test/resources/sample");
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> SECTIONS = List.of("What comes out", "What was compared", "Loss", "Accuracy",
            "Memory, latency, throughput", "What to run with so much memory or time", "The spectrum of precisions",
            "Weights and zeros", "Bits of a weight", "Energy of arithmetic (a model)", "Small devices",
            "Where the figures come from");

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(folder.resolve("results"));
        try (Stream<Path> files = Files.list(SAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve("results").resolve(file.getFileName()));
            }
        }
    }

    private Document write() throws Exception {
        new Report(folder, Results.in(folder.resolve("results"))).write();
        return PageTest.parsed(Files.readString(folder.resolve("report.html")).replace("<!DOCTYPE html>", ""));
    }

    private JsonNode json() throws IOException {
        return JSON.readTree(folder.resolve("report.json").toFile());
    }

    private JsonNode answer(String beginning) throws IOException {
        for (JsonNode answer : json().path("answers")) {
            if (answer.path("question").asText().startsWith(beginning)) {
                return answer;
            }
        }
        throw new AssertionError("no question begins with " + beginning);
    }

    private List<List<String>> table(String beginning) throws IOException {
        for (JsonNode table : json().path("tables")) {
            if (table.path("title").asText().startsWith(beginning)) {
                List<List<String>> rows = new ArrayList<>();
                table.path("rows").forEach(row -> {
                    List<String> cells = new ArrayList<>();
                    row.forEach(cell -> cells.add(cell.asText()));
                    rows.add(cells);
                });
                return rows;
            }
        }
        throw new AssertionError("no table begins with " + beginning);
    }

    private void change(String id, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("results").resolve(id + ".json");
        ObjectNode node = (ObjectNode) JSON.readTree(file.toFile());
        change.accept((ObjectNode) node.get("values"));
        JSON.writeValue(file.toFile(), node);
    }

    private void changeLosses(String id, DoubleUnaryOperator change) throws IOException {
        change(id, values -> {
            ArrayNode nats = (ArrayNode) values.get("nats");
            for (int i = 0; i < nats.size(); i++) {
                nats.set(i, change.applyAsDouble(nats.get(i).asDouble()));
            }
        });
    }

    private void add(String id, String kind, String about, String values) throws IOException {
        Files.writeString(folder.resolve("results").resolve(id + ".json"),
                """
                        {"step": "%s", "kind": "%s", "about": %s, "decides": "", "commit": "abc", "began": "2026-01-01T00:00:00Z",
                         "seconds": 1, "commands": ["tern"], "values": %s}
                        """
                        .formatted(id, kind, about, values));
    }

    private void remove(Predicate<String> which) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("results"))) {
            for (Path file : files.filter(one -> which.test(one.getFileName().toString())).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<String> texts(Document page, String element) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = page.getElementsByTagName(element);
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    @Test
    void allSectionsAreThereAndNothingComesFromElsewhere() throws Exception {
        Document page = write();
        assertThat(texts(page, "h2")).isEqualTo(SECTIONS);
        NodeList all = page.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            assertThat(element.getTagName()).isNotIn("script", "link", "img", "iframe", "object", "base");
            assertThat(element.hasAttribute("src")).isFalse();
            if (element.hasAttribute("href")) {
                assertThat(element.getAttribute("href")).startsWith("#");
            }
        }
        assertThat(texts(page, "style"))
                .allSatisfy(style -> assertThat(style).doesNotContain("url(", "@import").contains(
                        "prefers-color-scheme: dark", "@media print"));
        assertThat(texts(page, "svg")).hasSizeGreaterThanOrEqualTo(8);
        assertThat(Files.readString(folder.resolve("report.html"))).doesNotContain("NaN", "Infinity", "null");
        assertThat(Files.readString(folder.resolve("report.md"))).contains("## Loss", "](figures/")
                .doesNotContain("NaN");
    }

    @Test
    void anchorsAndPicturesAreThere() throws Exception {
        Document page = write();
        List<String> ids = new ArrayList<>();
        NodeList headings = page.getElementsByTagName("h2");
        for (int i = 0; i < headings.getLength(); i++) {
            ids.add("#" + ((Element) headings.item(i)).getAttribute("id"));
        }
        NodeList links = page.getElementsByTagName("a");
        for (int i = 0; i < links.getLength(); i++) {
            assertThat(ids).contains(((Element) links.item(i)).getAttribute("href"));
        }
        String markdown = Files.readString(folder.resolve("report.md"));
        var matcher = Pattern.compile("\\]\\((figures/[^)]+)\\)").matcher(markdown);
        assertThat(matcher.results().map(found -> found.group(1)).toList()).isNotEmpty()
                .allSatisfy(name -> assertThat(folder.resolve(
                        name)).isRegularFile());
    }

    @Test
    void theSameResultsGiveTheSameBytes() throws Exception {
        write();
        byte[] first = Files.readAllBytes(folder.resolve("report.html"));
        write();
        assertThat(Files.readAllBytes(folder.resolve("report.html"))).isEqualTo(first);
    }

    @Test
    void lossesAreThoseOfTheFiles() throws Exception {
        JsonNode values = JSON.readTree(SAMPLE.resolve("loss-arms-alone-M-b158-1.json").toFile()).path("values");
        double nats = 0;
        double tokens = 0;
        for (int i = 0; i < values.path("nats").size(); i++) {
            nats += values.path("nats").get(i).asDouble();
            tokens += values.path("tokens").get(i).asDouble();
        }
        double loss = nats / tokens;
        write();
        assertThat(table("Loss, arms alone differ")).anySatisfy(row -> {
            assertThat(row.getFirst()).isEqualTo("M BitNet b1.58");
            assertThat(row.get(1)).startsWith(String.format(Locale.ROOT, "%.4f [", loss));
            assertThat(row.get(3)).isEqualTo(String.format(Locale.ROOT, "%.2f", Math.exp(loss)));
        });
    }

    @Test
    void whoLosesIsSaidToLose() throws Exception {
        // All seeds of all sizes alike, so that no noise between seeds hides the difference.
        for (String id : List.of("S-b158-1", "S-b158-2", "M-b158-1")) {
            String b1 = id.replace("b158", "b1");
            JsonNode nats = JSON.readTree(SAMPLE.resolve("loss-arms-alone-" + b1 + ".json").toFile()).path("values")
                    .path("nats");
            change("loss-arms-alone-" + id, values -> values.set("nats", nats.deepCopy()));
            changeLosses("loss-arms-alone-" + id, value -> value * 1.1);
        }
        write();
        JsonNode worse = answer("Does the third value improve");
        assertThat(worse.path("verdict").asText()).isEqualTo("no, it is worse");
        assertThat(worse.path("files").toString()).contains("results/loss-arms-alone-M-b158-1.json");
        assertThat(table("Differences in nats a token")).allSatisfy(row -> {
            if (row.getFirst().endsWith("BitNet ±1")) {
                assertThat(row.get(1)).startsWith("+");
                assertThat(row.get(2)).isEqualTo("BitNet ±1");
            }
        });
        for (String id : List.of("S-b158-1", "S-b158-2", "M-b158-1")) {
            changeLosses("loss-arms-alone-" + id, value -> value * 0.7);
        }
        write();
        assertThat(answer("Does the third value improve").path("verdict").asText()).isEqualTo("yes");
    }

    @Test
    void whatWasNotRunIsNotMeasured() throws Exception {
        remove(name -> !List.of("experiment.json", "machine.json", "prepare.json").contains(name));
        Document page = write();
        assertThat(texts(page, "h2")).isEqualTo(SECTIONS);
        assertThat(json().path("answers")).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.path("verdict").asText()).isEqualTo("not measured");
            assertThat(answer.path("figures").asText()).startsWith("It would take");
        });
        assertThat(table("Steps without a result")).hasSizeGreaterThan(30);
    }

    @Test
    void anEmptyFolderHasAReportToo() throws Exception {
        remove(name -> true);
        assertThat(texts(write(), "h2")).isEqualTo(SECTIONS);
    }

    @Test
    void everyLossOfOneArmMayBeMissing() throws Exception {
        for (String arm : List.of("llama", "b1", "b158")) {
            remove(name -> true);
            copy();
            remove(name -> name.contains("-" + arm + "-"));
            assertThat(texts(write(), "h2")).as(arm).isEqualTo(SECTIONS);
        }
    }

    @Test
    void aStepThatFailedSaysWhy() throws Exception {
        Path file = folder.resolve("results/form-arms-alone-M-q4_0.json");
        ObjectNode node = (ObjectNode) JSON.readTree(file.toFile());
        node.put("failed", "no 4 bits today (exit code 2, all of it in /tmp/x)");
        JSON.writeValue(file.toFile(), node);
        write();
        assertThat(table("One LLaMA in many precisions"))
                .anySatisfy(row -> assertThat(row).startsWith("LLaMA as q4_0").contains(
                        "no 4 bits today"));
        assertThat(table("Steps without a result")).anySatisfy(row -> assertThat(row.getFirst()).isEqualTo(
                "form-arms-alone-M-q4_0"));
    }

    @Test
    void tasksStandInTheLayoutOfThePaper() throws Exception {
        StringBuilder tasks = new StringBuilder();
        for (String name : List.of("arc_easy", "arc_challenge", "hellaswag", "boolq", "openbookqa", "piqa",
                "winogrande")) {
            tasks.append(tasks.isEmpty() ? "" : ",")
                    .append("""
                            {"task":"%s","items":100,"chance":0.25,"primary":"acc","measures":{"acc":{"value":0.3,"low":0.2,"high":0.4},
                             "acc_norm":{"value":0.9,"low":0.8,"high":1}}}"""
                            .formatted(name));
        }
        add("tasks-arms-alone-M-b158-1", "tasks",
                "{\"set\":\"arms-alone\",\"size\":\"M\",\"arm\":\"b158\",\"seed\":\"1\"}", """
                        {"setup":{"style":"harness","shots":0,"limit":100},"models":[{"model":"m","tasks":[%s]}]}"""
                        .formatted(tasks));
        write();
        List<List<String>> rows = table("Zero-shot accuracy in percent");
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).startsWith("M BitNet b1.58", "30.0 [20.0, 40.0]").endsWith("30.0");
        assertThat(rows.getLast()).startsWith("chance", "25.0").endsWith("25.0");
    }

    @Test
    void publishedShapesStandBesideThePapersRatios() throws Exception {
        add("geometry-3B-f16", "geometry", "{\"geometry\":\"3B\",\"weights\":\"f16\"}", timed(10, 6e9));
        add("geometry-3B-b158", "geometry", "{\"geometry\":\"3B\",\"weights\":\"b158\"}", timed(40, 1.2e9));
        add("geometry-3B-b1", "geometry", "{\"geometry\":\"3B\",\"weights\":\"b1\"}", timed(50, 0.8e9));
        add("geometry-70B-f16", "geometry", "{\"geometry\":\"70B\",\"weights\":\"f16\"}",
                "{\"too_large\":\"does not fit\"}");
        write();
        assertThat(table("How much less"))
                .contains(List.of("3B", "4.00 times", "2.71 times", "5.00 times", "3.55 times"), List.of(
                        "70B", "–", "4.10 times", "–", "7.16 times"));
        assertThat(table("Published shapes")).anySatisfy(row -> assertThat(row).startsWith("70B f16").endsWith(
                "larger than the memory"));
        assertThat(answer("Does the zero cost time").path("verdict").asText()).isEqualTo("yes");
        assertThat(answer("Does the zero cost time").path("figures").asText()).contains("the shape 3B", "25.0 ms",
                "20.0 ms",
                "1.25 times");
        assertThat(answer("Does the memory double").path("verdict").asText()).isEqualTo("no");
        assertThat(answer("Does the memory double").path("figures").asText()).contains("1.50 times");
        assertThat(answer("Is it faster").path("verdict").asText()).isEqualTo("yes");
    }

    private static String timed(double rate, double bytes) {
        return """
                {"results":[{"linear_weights":3000000000,"weight_bytes_per_token":%s,"peak_bytes":1e9,"tests":[
                 {"test":"tg8","batch":1,"tokens_per_second":%s,"slowest":%s,"fastest":%s}]}]}""".formatted(bytes, rate,
                rate, rate);
    }

    @Test
    void timesThatOverlapSayNothing() throws Exception {
        remove(name -> name.startsWith("geometry"));
        for (String arm : List.of("b1", "b158")) {
            double middle = arm.equals("b1") ? 100 : 90;
            change("bench-arms-alone-M-" + arm + "-1",
                    values -> values.path("results").path(0).path("tests").forEach(test -> ((ObjectNode) test)
                            .put("tokens_per_second", middle).put("slowest", middle - 20).put("fastest", middle + 20)));
        }
        write();
        assertThat(answer("Does the zero cost time").path("verdict").asText())
                .isEqualTo("not to be told apart from noise");
    }

    @Test
    void smallDevicesShowWhatTheJvmTakes() throws Exception {
        add("small-arms-alone-M-b158-1-64", "small",
                "{\"set\":\"arms-alone\",\"size\":\"M\",\"arm\":\"b158\",\"seed\":\"1\",\"megabytes\":\"64\"}",
                "{\"exit_code\":137,\"last_words\":\"no message\"}");
        write();
        assertThat(table("Runs under a limit")).singleElement().satisfies(row -> assertThat(row).contains("64 MB",
                "does not run: no message"));
    }
}
