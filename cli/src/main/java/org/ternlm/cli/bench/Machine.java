package org.ternlm.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a measurement depends on beside the program.
///
/// @param processor its model, where Linux says it, else the architecture
/// @param processors that this process may use
/// @param java the version
record Machine(String processor, int processors, String java) {

    static Machine ofThisProcess() {
        return new Machine(processor(Path.of("/proc/cpuinfo")), Runtime.getRuntime().availableProcessors(),
                Runtime.version().toString());
    }

    static String processor(Path file) {
        String architecture = System.getProperty("os.arch", "unknown");
        if (!Files.isReadable(file)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':')
                    + 1).strip()).findFirst().orElse(architecture);
        } catch (IOException unreadable) {
            return architecture;
        }
    }
}
