package org.ternlm.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.cli.output.Ink;
import org.ternlm.kernel.MemoryBandwidth;

class ReportTest {
    private static final Report REPORT = new Report(List.of(
            new Report.Section("one", List.of(Finding.fine("a name", "value"), new Finding("b", "\"2\"", "do c"))),
            new Report.Section("two", List.of())));

    @Test
    void alignsValuesAndPutsAdviceBelow() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        REPORT.print(out, Ink.PLAIN);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).containsExactly("one",
                "  a name  value",
                "  b       \"2\"",
                "          → do c",
                "",
                "two");
    }

    @Test
    void writesJson() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(REPORT.json())).isEqualTo(mapper.readTree("""
                {"one": {"a_name": {"value": "value"}, "b": {"value": "\\"2\\"", "advice": "do c"}}, "two": {}}
                """));
    }

    @Test
    void readsTheLimitsOfAContainer(@TempDir Path root) throws IOException {
        write(root, "proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 1 kB\n");
        write(root, "sys/fs/cgroup/memory.max", "4000000000\n");
        write(root, "sys/fs/cgroup/cpu.max", "150000 100000\n");
        assertThat(new LinuxLimits(root).findings()).containsExactly(Finding.fine("memory", "16 GB"),
                Finding.fine("container memory", "4.0 GB"), Finding.fine("container processors", "1.5"));
    }

    @Test
    void findsNoLimitsWhereThereAreNone(@TempDir Path root) throws IOException {
        assertThat(new LinuxLimits(root).findings()).isEmpty();
        write(root, "proc/meminfo", "MemTotal:\nodd line\n");
        write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write(root, "sys/fs/cgroup/cpu.max", "max 100000\n");
        assertThat(new LinuxLimits(root).findings()).isEmpty();
    }

    @Test
    void measuresMemoryWithASmallPartOfWhatIsFree(@TempDir Path root) throws IOException {
        assertThat(new LinuxLimits(root).measuringBytes()).isEqualTo(MemoryBandwidth.USUAL_BUFFER);
        write(root, "proc/meminfo", "MemAvailable:       16000000 kB\n");
        assertThat(new LinuxLimits(root).measuringBytes()).isEqualTo(MemoryBandwidth.USUAL_BUFFER);
        write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "128000000\n");
        assertThat(new LinuxLimits(root).measuringBytes()).isEqualTo(16_000_000);
    }

    private static void write(Path root, String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
