package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Where results come from: the machine, and the state of the program.
public final class Provenance {
    private static final long PATIENCE_SECONDS = 10;

    private Provenance() {}

    /// The commit of the checkout that `home` lies in, with `+` where tracked files were changed; `unknown` elsewhere.
    public static String commit(Path home) {
        String commit = git(home, "rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty()) {
            return "unknown";
        }
        return commit + (git(home, "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : "+");
    }

    /// This machine: `processor`, `processors`, `memory_bytes`, `system`, `java`.
    static ObjectNode machine() {
        ObjectNode machine = Measuring.values();
        machine.put("processor",
                line(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch", "unknown")));
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        String memory = line(Path.of("/proc/meminfo"), "MemTotal", "").replaceAll("\\D", "");
        if (!memory.isEmpty()) {
            machine.put("memory_bytes", Long.parseLong(memory) * 1024);
        }
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", Runtime.version().toString());
        return machine;
    }

    private static String line(Path file, String key, String otherwise) {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key)).map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst().orElse(otherwise);
        } catch (IOException unreadable) {
            return otherwise;
        }
    }

    private static String git(Path home, String... words) {
        List<String> command = new ArrayList<>(List.of("git", "-C", home.toAbsolutePath().toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return answer;
            }
            process.destroy();
        } catch (IOException absent) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
