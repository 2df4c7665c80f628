package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The lines of a run's log that must be the same in every run.
final class RunLogs {
    private RunLogs() {}

    static List<String> withoutTimes(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll(",\"(tokens_per_second|memory_bytes)\":[^,}]*", "")).toList();
    }
}
