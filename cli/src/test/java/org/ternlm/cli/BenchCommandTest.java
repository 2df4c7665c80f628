package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

/// That figures come out and belong to what was asked; not how large they are.
class BenchCommandTest {
    private static final String TERNARY = Run.model("tinystories-ternary-1M");

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
        double bandwidth = report.get("memory_bytes_per_second").asDouble();
        assertThat(test.get("bandwidth_share").asDouble() * bandwidth).isCloseTo(
                passes * result.get("weight_bytes_per_token").asDouble(), Percentage.withPercentage(0.001));
        assertThat(test.get("entropy_share").asDouble() * bandwidth).isCloseTo(passes * 1_179_648 * 1.5849625 / 8,
                Percentage.withPercentage(0.001));
    }

    @Test
    void tablesAreForPeopleAndForPages() {
        Run table = Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1");
        assertThat(table.out()).contains("tokens/s", "pp4", "tg2", "need no multiplication", "not measured)");
        Run page = Run.tern("bench", "-m", TERNARY, "-p", "4", "-n", "2", "--repeat", "1", "--markdown");
        assertThat(page.out()).startsWith("| model | test | tokens/s |").contains("| tg2 |");
    }

    @ParameterizedTest
    @CsvSource({"--geometry 800M, no geometry is called 800M", "--geometry 700M --kinds b2, no weights are called b2",
            "-p 0 -n 0, nothing to measure", "--repeat 0, expected 1 to", "-p 600, a test needs 600",
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
