package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A program of the tests in a JVM of its own, with what it writes.
final class ChildJvm implements AutoCloseable {
    /// Far more than needed, since machines that run tests are busy.
    static final Duration PATIENCE = Duration.ofMinutes(2);
    /// Starts quickly; small enough for several at a time.
    static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final Path out;
    private final Path error;

    private ChildJvm(Process process, Path out, Path error) {
        this.process = process;
        this.out = out;
        this.error = error;
    }

    /// @param folder for its output
    /// @param variables on top of the test's own; an empty one is removed
    static ChildJvm start(Path folder, Class<?> main, Map<String, String> variables, String... arguments)
            throws IOException {
        return start(folder, main, System.getProperty("java.class.path"), variables, arguments);
    }

    private static ChildJvm start(Path folder, Class<?> main, String classPath, Map<String, String> variables,
            String... arguments) throws IOException {
        JvmCommand command = command(main, classPath, arguments);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path error = Files.createTempFile(folder, "error", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command.words(List.of()));
        builder.redirectOutput(out.toFile()).redirectError(error.toFile());
        // They would make the JVM itself write to the error stream.
        List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").forEach(builder.environment()::remove);
        variables.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return new ChildJvm(builder.start(), out, error);
    }

    /// One that does not find libtorch.
    static ChildJvm withoutLibtorch(Path folder, Class<?> main, String... arguments) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(place -> !place.contains("bytedeco")).collect(Collectors.joining(File.pathSeparator));
        return start(folder, main, classPath, Map.of(), arguments);
    }

    static JvmCommand command(Class<?> main, String classPath, String... arguments) {
        return new JvmCommand(Path.of(System.getProperty("java.home"), "bin", "java"), OPTIONS, classPath,
                main.getName(), List.of(arguments));
    }

    /// The place of a worker in a job on this machine.
    static Map<String, String> variables(int rank, int count, int port) {
        Map<String, String> variables = new HashMap<>();
        variables.put("RANK", Integer.toString(rank));
        variables.put("WORLD_SIZE", Integer.toString(count));
        variables.put("MASTER_ADDR", "127.0.0.1");
        variables.put("MASTER_PORT", Integer.toString(port));
        // As LocalWorkers has it: what c10d says comes as exceptions too.
        variables.put("TORCH_CPP_LOG_LEVEL", "FATAL");
        return variables;
    }

    /// Its exit code; fails if it does not end.
    int exitCode() throws IOException, InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("end of the process; %s", this).isTrue();
        return process.exitValue();
    }

    /// Waits until a line of its output starts with this.
    ///
    /// @return the rest of the line
    String awaitLine(String start) throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < limit) {
            List<String> found = Files.readAllLines(out).stream().filter(line -> line.startsWith(start)).toList();
            if (!found.isEmpty()) {
                return found.getFirst().substring(start.length()).strip();
            }
            assertThat(process.isAlive()).as("waiting for \"%s\"; %s", start, this).isTrue();
            Thread.sleep(50);
        }
        throw new AssertionError("no line \"" + start + "\"; " + this);
    }

    Process process() {
        return process;
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String error() throws IOException {
        return Files.readString(error);
    }

    @Override
    public String toString() {
        try {
            return "process %d, output:%n%s%nerrors:%n%s".formatted(process.pid(), out(), error());
        } catch (IOException e) {
            return "process " + process.pid() + ", without output";
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
