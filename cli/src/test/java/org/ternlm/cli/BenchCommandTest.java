package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

/// That figures come out and belong to what was asked; not how large they are.
class BenchCommandTest {
    private static final String TERNARY = Run.model("tinystories-ternary-1M");
    private static final int LAYERS = 8;

    @Test
    void measuresWhatIsAsked() throws IOException {
        Run run = Run.tern("bench", "-m", TERNARY, "-p", "8,16", "-n", "4", "--batch", "1,3", "--depth", "0,5",
                "--repeat", "2", "--json");
        assertThat(run.exitCode()).as(run.error()).isZero();
        JsonNode result = new JsonMapper().readTree(run.out()).at("/results/0");
        Map<String, JsonNode> tests = new TreeMap<>();
        result.get("tests").forEach(test -> tests.put(test.get("test").asText(), test));
        assertThat(tests.keySet()).containsExactlyInAnyOrder("pp8", "pp16", "tg4", "tg4 x3", "pp8 @5", "pp16 @5",
                "tg4 @5", "tg4 x3 @5");
        assertThat(tests.values()).allMatch(test -> test.get("tokens_per_second").asDouble() > 0 && test.get("all")
                .size() == 2);
        assertThat(result.get("linear_weights").asLong()).isEqualTo(1_179_648);
        // Two bits each in the kernels' layout, and the head.
        assertThat(result.get("weight_bytes_per_token").asLong()).isGreaterThan(1_179_648 / 4);
    }

    @Test
    void aRoundedHeadIsRead() throws IOException {
        long file = weightBytes("file");
        // 512 rows of 128 columns, of four bytes each in the file; the scales of rows and, with four bits, of 32 weights.
        assertThat(weightBytes("int8")).isEqualTo(file - 512 * 128 * 4 + 512 * 128 + 512 * 4);
        assertThat(weightBytes("4bit")).isEqualTo(file - 512 * 128 * 4 + 512 * 128 / 2 + 512 * 128 / 32 + 512 * 4);
    }

    private static long weightBytes(String head) throws IOException {
        return new JsonMapper()
                .readTree(Run.tern("bench", "-m", TERNARY, "-p", "0", "-n", "2", "--repeat", "1", "--head",
                        head, "--json").out())
                .at("/results/0/weight_bytes_per_token").asLong();
    }

    @Test
    void sharesOfTheLimitFollowFromTheRates() throws IOException {
        JsonNode report = new JsonMapper().readTree(Run.tern("bench", "-m", TERNARY, "-p", "0", "-n", "4", "--batch",
                "2", "--repeat", "3", "--json").out());
        JsonNode result = report.at("/results/0");
        JsonNode test = result.at("/tests/0");
        double passes = test.get("tokens_per_second").asDouble() / 2;
        double bandwidth = result.get("memory_bytes_per_second").asDouble();
        assertThat(test.get("bandwidth_share").asDouble() * bandwidth).isCloseTo(
                passes * result.get("weight_bytes_per_token").asDouble(), Percentage.withPercentage(0.001));
        assertThat(test.get("entropy_share").asDouble() * bandwidth).isCloseTo(passes * 1_179_648 * 1.5849625 / 8,
                Percentage.withPercentage(0.001));
    }

    /// Of the weights as the kernels have them; what they came from is counted by another command.
    @Test
    void countsWhatBecameOfTheMultiplications() throws IOException {
        JsonNode result = new JsonMapper().readTree(Run.tern("bench", "-m", TERNARY, "-p", "0", "-n", "1", "--repeat",
                "1", "--json").out()).at("/results/0");
        JsonNode trits = new JsonMapper().readTree(Run.tern("inspect", TERNARY, "--json").out()).at("/trits/all");
        assertThat(result.get("additions")).isEqualTo(trits.get("plus"));
        assertThat(result.get("subtractions")).isEqualTo(trits.get("minus"));
        assertThat(result.get("zeros")).isEqualTo(trits.get("zero"));
        assertThat(trits.get("zero").asLong()).isPositive();
    }

    /// Of the model, not of how it was computed.
    @Test
    @ResourceLock("tern.kernels")
    void theChecksumIsTheSameForThreadsAndKernels() throws IOException {
        List<String> vectors = checksums("file", "1,2");
        System.setProperty("tern.kernels", "scalar");
        try {
            assertThat(checksums("file", "1,2")).isEqualTo(vectors);
        } finally {
            System.clearProperty("tern.kernels");
        }
        assertThat(vectors).hasSize(4);
        assertThat(vectors.subList(2, 4)).isEqualTo(vectors.subList(0, 2));
        assertThat(vectors.get(0)).hasSize(8).isNotEqualTo(vectors.get(1));
        assertThat(checksums("int8", "1").getFirst()).isNotEqualTo(vectors.getFirst());
    }

    private static List<String> checksums(String head, String threads) throws IOException {
        List<String> checksums = new ArrayList<>();
        JsonNode report = new JsonMapper().readTree(Run.tern("bench", "-m", TERNARY, "-p", "9", "-n", "5", "--repeat",
                "1", "--head", head, "-t", threads, "--json").out());
        report.get("results").forEach(result -> result.get("tests").forEach(test -> checksums.add(test.get("checksum")
                .asText())));
        return checksums;
    }

    @Test
    void severalNumbersOfThreadsAndStartUpGoIntoTheRecord(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        Run run = Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1", "--threads", "1,2",
                "--start-up", "--record", file.toString());
        assertThat(run.exitCode()).as(run.error()).isZero();
        assertThat(run.out()).contains("full speed", "1 thread,", "2 threads,");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new JsonMapper().readTree(line));
        }
        assertThat(lines).extracting(line -> line.get("threads").asInt()).containsExactly(1, 2);
        assertThat(lines.get(0).get("full_speed_seconds").asDouble()).isPositive();
        assertThat(lines.get(1).has("full_speed_seconds")).isFalse();
        assertThat(lines.get(0).get("commit").asText()).isNotEmpty();
    }

    @Test
    void tablesAreForPeopleAndForPages() {
        Run table = Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1");
        assertThat(table.out()).contains("tokens/s", "pp4", "tg2", "need no multiplication", "not measured)");
        Run page = Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1", "--markdown");
        assertThat(page.out()).startsWith("| model | test | threads | tokens/s |").contains("| tg2 |");
    }

    /// The parts are the whole: what they take together is what a token takes, but for the loop around the passes.
    @Test
    void aProfileAccountsForTheTimeOfAToken() throws IOException {
        Run run = Run.tern("bench", "-m", TERNARY, "-p", "0", "-n", "64", "--repeat", "3", "--profile", "--json");
        JsonNode test = new JsonMapper().readTree(run.out()).at("/results/0/tests/0");
        double parts = 0;
        for (JsonNode part : test.get("milliseconds")) {
            assertThat(part.asDouble()).isNotNegative();
            parts += part.asDouble();
        }
        double slowest = Double.MAX_VALUE;
        double fastest = 0;
        for (JsonNode rate : test.get("all")) {
            slowest = Math.min(slowest, rate.asDouble());
            fastest = Math.max(fastest, rate.asDouble());
        }
        assertThat(parts).isBetween(0.5 * 1000 / fastest, 1.001 * 1000 / slowest);
        assertThat(test.get("down_densities")).hasSize(LAYERS).allMatch(share -> share.asDouble() > 0.3
                && share.asDouble() < 1);
        assertThat(test.at("/milliseconds/attention").asDouble()).isPositive();
        assertThat(Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1", "--profile").out())
                .contains("ms a pass", "gate, up", "share", "not 0 of what down takes");
        assertThat(Run.tern("bench", "-m", TERNARY, "-p", "0", "-n", "2", "--repeat", "1", "--profile", "--markdown")
                .out()).contains("| ms a pass | share |", "| head |");
    }

    @ParameterizedTest
    @CsvSource({"--geometry 800M, no geometry is called 800M", "--geometry 700M --kinds b2, no weights are called b2",
            "-p 0 -n 0, nothing to measure", "--repeat 0, expected 1 to", "-p 600, a test needs 600",
            "--threads 0, expected 1 to", "--record absent/history.jsonl, cannot be written",
            "--geometry 70B --kinds f32, does not fit", "--geometry 1.3B --kinds q8_0, multiple of 32"})
    void whatCannotBeMeasuredIsOneLine(String arguments, String message) {
        String[] model = arguments.contains("geometry") ? new String[0] : new String[] {"-m", TERNARY};
        String[] words = ("bench " + arguments).split(" ");
        String[] all = Arrays.copyOf(words, words.length + model.length);
        System.arraycopy(model, 0, all, words.length, model.length);
        Run run = Run.tern(all);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.error().lines().filter(line -> line.startsWith("tern:")).findFirst().orElse("")).contains(
                message);
    }
}
