package org.ternlm.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.Unit;
import org.ternlm.kernel.MemoryBandwidth;

/// Memory of the machine and limits of the container, from the files in which Linux tells them. Elsewhere these files
/// do not exist, and nothing is found.
///
/// @param root the folder that holds `proc` and `sys`
public record LinuxLimits(Path root) {
    /// A control group without a limit says so by a number near the largest (version 1).
    private static final long NO_LIMIT = 1L << 60;
    private static final List<String> CONTAINER_MEMORY = List.of("sys/fs/cgroup/memory.max",
            "sys/fs/cgroup/memory/memory.limit_in_bytes");

    /// Of the machine that this runs on.
    public static LinuxLimits ofThisMachine() {
        return new LinuxLimits(Path.of("/"));
    }

    /// Bytes that this process can hope for, where Linux says.
    public OptionalLong usableBytes() {
        LongStream.Builder limits = LongStream.builder();
        for (String line : lines("proc/meminfo")) {
            String[] words = line.split("\\s+");
            if (words.length > 1 && words[0].equals("MemAvailable:") && isNumber(words[1])) {
                limits.add(Long.parseLong(words[1]) * 1024);
            }
        }
        for (String file : CONTAINER_MEMORY) {
            lines(file).stream().map(String::strip).filter(LinuxLimits::isNumber).limit(1)
                    .forEach(bytes -> limits.add(Long.parseLong(bytes)));
        }
        return limits.build().min();
    }

    /// How large a buffer may be by which memory is measured: at most an eighth of what is free, for nobody shall run out of
    /// memory by being asked how fast it is.
    public long measuringBytes() {
        return Math.min(MemoryBandwidth.USUAL_BUFFER, usableBytes().orElse(8 * MemoryBandwidth.USUAL_BUFFER) / 8);
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        add(findings, "memory", memory());
        add(findings, "container memory", containerMemory());
        add(findings, "container processors", containerProcessors());
        return findings;
    }

    private static void add(List<Finding> findings, String name, @Nullable String value) {
        if (value != null) {
            findings.add(Finding.fine(name, value));
        }
    }

    private @Nullable String memory() {
        for (String line : lines("proc/meminfo")) {
            String[] words = line.split("\\s+");
            if (words.length > 1 && words[0].equals("MemTotal:")) {
                return bytes(words[1], 1024);
            }
        }
        return null;
    }

    private @Nullable String containerMemory() {
        for (String file : CONTAINER_MEMORY) {
            for (String line : lines(file)) {
                return bytes(line.strip(), 1);
            }
        }
        return null;
    }

    /// `cpu.max` holds the microseconds of processor time in each period, and the period: `150000 100000` is 1.5.
    private @Nullable String containerProcessors() {
        for (String line : lines("sys/fs/cgroup/cpu.max")) {
            String[] words = line.split("\\s+");
            if (words.length == 2 && isNumber(words[0]) && isNumber(words[1]) && !words[1].equals("0")) {
                return String.format(Locale.ROOT, "%.1f", Double.parseDouble(words[0]) / Double.parseDouble(words[1]));
            }
        }
        return null;
    }

    private static @Nullable String bytes(String number, long unit) {
        if (!isNumber(number)) {
            return null;
        }
        long amount = Long.parseLong(number);
        return amount >= NO_LIMIT / unit ? null : Unit.BYTES.amount(amount * unit);
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,18}");
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file));
        } catch (IOException absent) {
            return List.of();
        }
    }
}
