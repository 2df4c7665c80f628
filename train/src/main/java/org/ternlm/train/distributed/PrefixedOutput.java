package org.ternlm.train.distributed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Passes on what a process writes, each line with a prefix, on a daemon thread.
final class PrefixedOutput {
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private final Thread thread;

    private PrefixedOutput(Thread thread) {
        this.thread = thread;
    }

    /// Passes on until `lines` ends.
    static PrefixedOutput start(String prefix, InputStream lines, PrintStream target) {
        return new PrefixedOutput(Thread.ofPlatform().daemon().name("tern-output").start(
                () -> pass(prefix, lines, target)));
    }

    private static void pass(String prefix, InputStream lines, PrintStream target) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                // One call: lines of several workers must not mix.
                target.print(prefix + line + System.lineSeparator());
                target.flush();
            }
        } catch (IOException processIsGone) {
            // It has nothing to say any more.
        }
    }

    /// Waits a moment for the last lines of a process that has ended.
    void finish() throws InterruptedException {
        thread.join(LAST_LINES);
    }
}
