package org.ternlm.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.CommandException;
import org.ternlm.model.Geometry;
import org.ternlm.model.LinearKind;
import org.ternlm.quant.TritCounts;

class BenchHistoryTest {
    @TempDir
    private Path folder;

    private static BenchRound round(int threads) {
        Measurement measurement = new Measurement(new Measurement.Test(false, 128, 1, 0), new double[] {30, 10, 20},
                OptionalDouble.of(0.25), "0123abcd", Map.of(), List.of());
        SubjectResult result = new SubjectResult("700M b158", "b158", "F16", Geometry.named("700M").orElseThrow()
                .config(LinearKind.PACKED_MULTIPLY, 512), 1_000, new TritCounts(1, 2, 3),
                new StartUp(0.5, 0.1,
                        OptionalDouble.of(1.5)),
                2_000, List.of(measurement));
        return new BenchRound(threads, OptionalDouble.of(1e10), "off", List.of(result));
    }

    private BenchHistory history(Path file) {
        return new BenchHistory(file, new Machine("some processor", 2, "25"), "abc");
    }

    @Test
    void eachResultIsALineAtTheEnd() throws IOException {
        Path file = folder.resolve("history.jsonl");
        history(file).add(List.of(round(1), round(2)));
        history(file).add(List.of(round(4)));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        JsonNode line = new JsonMapper().readTree(lines.get(2));
        assertThat(line.get("date").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(line.get("commit").asText()).isEqualTo("abc");
        assertThat(line.at("/machine/processor").asText()).isEqualTo("some processor");
        assertThat(line.get("threads").asInt()).isEqualTo(4);
        assertThat(line.get("kind").asText()).isEqualTo("b158");
        assertThat(line.get("head").asText()).isEqualTo("F16");
        assertThat(line.get("peak_bytes").asLong()).isEqualTo(2_000);
        assertThat(line.get("full_speed_seconds").asDouble()).isEqualTo(1.5);
        JsonNode test = line.at("/tests/0");
        assertThat(test.get("test").asText()).isEqualTo("tg128");
        assertThat(test.get("tokens_per_second").asDouble()).isEqualTo(20);
        assertThat(test.get("slowest").asDouble()).isEqualTo(10);
        assertThat(test.get("fastest").asDouble()).isEqualTo(30);
        assertThat(test.get("joules_per_token").asDouble()).isEqualTo(0.25);
    }

    @Test
    void aLineThatWasCutOffKeepsToItself() throws IOException {
        Path file = Files.writeString(folder.resolve("history.jsonl"), "{\"date\":\"2026\"}\n{\"da");
        history(file).add(List.of(round(1)));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.subList(0, 2)).containsExactly("{\"date\":\"2026\"}", "{\"da");
        assertThat(new JsonMapper().readTree(lines.get(2)).get("threads").asInt()).isEqualTo(1);
    }

    @Test
    void aFileThatCannotBeWrittenIsOneLine() {
        Path absent = folder.resolve("absent").resolve("history.jsonl");
        assertThatThrownBy(() -> BenchHistory.checkWritable(absent)).isInstanceOf(CommandException.class)
                .hasMessageContaining(absent.toString()).hasMessageContaining("--record");
        assertThatThrownBy(() -> history(folder).add(List.of(round(1)))).isInstanceOf(CommandException.class);
    }

    @Test
    void theProcessorIsWhatLinuxCallsIt() throws IOException {
        Path file = Files.writeString(folder.resolve("cpuinfo"),
                "processor\t: 0\nmodel name\t: Some (R) Processor @ 2 GHz\nmodel name\t: another\n");
        assertThat(Machine.processor(file)).isEqualTo("Some (R) Processor @ 2 GHz");
        assertThat(Machine.processor(folder.resolve("absent"))).isEqualTo(System.getProperty("os.arch"));
    }

    @Test
    void outsideOfACheckoutTheRevisionIsTheVersion() {
        assertThat(Revision.of(folder)).matches("\\d+\\.\\d+.*");
    }
}
