package org.ternlm.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/// How long this process has existed, the launcher's part of it included. Only Linux tells to a hundredth of a second;
/// `ProcessHandle` is right to a second, which is longer than the start takes.
public final class ProcessAge {
    private static final double TICKS_PER_SECOND = 100;
    /// After the name in parentheses, the 22nd field of the line, counted from the third.
    private static final int START_FIELD = 22 - 3;
    private static final double ABSURD_SECONDS = 1e7;

    private ProcessAge() {}

    /// Seconds since the process started, where they can be known.
    public static OptionalDouble seconds() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            double age = now - Double.parseDouble(fields[START_FIELD]) / TICKS_PER_SECOND;
            // A container may show an uptime of its own beside the machine's start times.
            return age >= 0 && age < ABSURD_SECONDS ? OptionalDouble.of(age) : OptionalDouble.empty();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException unknown) {
            return OptionalDouble.empty();
        }
    }
}
