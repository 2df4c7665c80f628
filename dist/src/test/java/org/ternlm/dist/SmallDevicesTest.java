package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.dist.Jail.Output;

/// What runs in how much memory: the archive with its own Java, in a root and in a control group of its own. Leaves a table
/// in `target/small-devices.md`, which docs/results/small-devices has.
@Tag("soak")
class SmallDevicesTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int[] LIMITS = {512, 256, 128, 64};
    private static final int STARTS = 5;
    /// The JVM's account of its memory, printed at the end of its output. It costs some memory itself.
    private static final String ACCOUNT = "-XX:NativeMemoryTracking=summary -XX:+UnlockDiagnosticVMOptions -XX:+PrintNMTStatistics";
    private static final Pattern COMMITTED = Pattern
            .compile("(?m)^(Total:|- +Java Heap \\(|- +Shared class space \\() *reserved=\\d+, committed=(\\d+)");
    private static final String[] STORY = {"run", "--temperature", "0", "-n", "60", "Once upon a time"};
    private static final String[] BENCH = {"bench", "-p", "16", "-n", "16", "--repeat", "1"};
    private static final String[] LARGE = {"bench", "--geometry", "700M", "--kinds", "b158", "--embedding", "Q4_0",
            "--head", "4bit", "-p", "0", "-n", "8", "--repeat", "1"};

    private static final String TERN = "/tern/bin/tern";

    @TempDir
    Path root;

    private Jail jail = new Jail(Path.of("."), 0, null);
    private final StringBuilder table = new StringBuilder();

    /// One run: what it said, the most memory of its group, and its time.
    private record Run(Output output, long peak, double seconds) {}

    @BeforeEach
    void unpack() throws Exception {
        Assumptions.assumeTrue(MemoryGroup.isPossible(), "limits of memory need control groups of version 1");
        jail = Jail.withArchive(root);
        assertThat(run(LIMITS[0], "", "--version").output().exitCode()).isZero();
    }

    private Run run(int megabytes, String options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(TERN));
        command.addAll(Arrays.asList(arguments));
        Map<String, String> variables = new HashMap<>(Map.of("PATH", "/bin"));
        if (!options.isEmpty()) {
            variables.put("TERN_JAVA_OPTS", options);
        }
        try (MemoryGroup group = MemoryGroup.of(megabytes * MEGABYTE)) {
            long start = System.nanoTime();
            Output output = jail.in(group).run(variables, command);
            return new Run(output, group.peak(), (System.nanoTime() - start) / 1e9);
        }
    }

    @Test
    void theBundledModelTellsItsStoryInSixtyFourMegabytes() throws Exception {
        table.append(
                "| limit | | exit code | most in the group | seconds | JVM committed | of it heap | of it the class cache |\n")
                .append("|---:|---|---:|---:|---:|---:|---:|---:|\n");
        String story = run(LIMITS[0], "", STORY).output().out();
        assertThat(story).startsWith("Once upon a time");
        for (int limit : LIMITS) {
            Run told = run(limit, "", STORY);
            assertThat(told.output()).as("in %d MB", limit).isEqualTo(new Output(0, story, ""));
            row(limit, "run", told, run(limit, ACCOUNT, STORY).output().out());
            Run measured = run(limit, "", BENCH);
            row(limit, "bench", measured, "");
            assertThat(measured.output().exitCode() == 0).as("tern bench in %d MB", limit).isEqualTo(limit > 128);
            Run large = run(limit, "", LARGE);
            row(limit, "bench, 700M", large, "");
            assertThat(large.output().exitCode() == 0).as("700M in %d MB: %s", limit, large.output().error())
                    .isEqualTo(limit > 256);
            if (limit <= 256) {
                assertThat(large.output().error()).contains("does not fit: its weights take");
            }
        }
        table.append('\n').append(starts());
        Files.writeString(Built.TARGET.resolve("small-devices.md"), table);
    }

    private void row(int limit, String what, Run run, String account) {
        // Who is killed says nothing, and unshare, which entered the root, ends with 1.
        boolean isKilled = run.output().exitCode() == 1 && !run.output().error().contains("tern: ");
        String end = isKilled ? "killed" : Integer.toString(run.output().exitCode());
        table.append(
                String.format(Locale.ROOT, "| %d MB | %s | %s | %s | %.2f |", limit, what, end, megabytes(run.peak()),
                        run.seconds()));
        Matcher committed = COMMITTED.matcher(account);
        int cells = 0;
        while (committed.find()) {
            table.append(' ').append(megabytes(Long.parseLong(committed.group(2)))).append(" |");
            cells++;
        }
        table.append(" |".repeat(3 - cells)).append('\n');
    }

    /// Medians of `tern --version` and of the first token, in the smallest limit.
    private String starts() throws IOException, InterruptedException {
        int limit = LIMITS[LIMITS.length - 1];
        List<Double> versions = new ArrayList<>();
        List<Double> tokens = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            versions.add(run(limit, "", "--version").seconds());
            tokens.add(run(limit, "", "run", "--temperature", "0", "-n", "1", "Once upon a time").seconds());
        }
        return String.format(Locale.ROOT,
                "Start in %d MB, median of %d: `tern --version` %.2f s, `tern run -n 1` %.2f s.%n",
                limit, STARTS, median(versions), median(tokens));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / (double) MEGABYTE);
    }
}
