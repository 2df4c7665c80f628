package org.ternlm.cli.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Energy of processors and memory, from the counters that Linux shows of RAPL (Running Average Power Limit): those of
/// the packages and of the memory beside them. They count all that runs on the machine, and most systems let only the
/// administrator read them. Where there are none, or they cannot be read, nothing is measured.
///
/// A counter is in microjoules, goes up by steps of about a millisecond, and begins at 0 again after the number in
/// `max_energy_range_uj`: what is measured has to take less than one round, which is minutes at least.
final class EnergyMeter {
    private static final String COUNTER = "energy_uj";
    private static final String RANGE = "max_energy_range_uj";

    private final List<Path> domains;
    private final List<Long> ranges = new ArrayList<>();

    /// @param root the folder in which Linux keeps power capping, `/sys/class/powercap`
    EnergyMeter(Path root) {
        List<Path> readable = new ArrayList<>();
        try {
            for (Path domain : domains(root)) {
                number(domain.resolve(COUNTER));
                ranges.add(number(domain.resolve(RANGE)));
                readable.add(domain);
            }
        } catch (IOException | NumberFormatException notHere) {
            // A part of the energy would be taken for all of it.
            readable.clear();
        }
        domains = List.copyOf(readable);
    }

    static EnergyMeter ofThisMachine() {
        return new EnergyMeter(Path.of("/sys/class/powercap"));
    }

    /// Packages, and the memory where it has a counter of its own; other domains (cores, graphics) are parts of these.
    private static List<Path> domains(Path root) throws IOException {
        List<Path> domains = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return domains;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, "intel-rapl:*")) {
            for (Path domain : all) {
                String name = Files.readString(domain.resolve("name")).strip();
                if (name.startsWith("package") || name.equals("dram")) {
                    domains.add(domain);
                }
            }
        }
        return domains;
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    /// The counters now; to be given to [#joulesSince].
    List<Long> now() {
        List<Long> counters = new ArrayList<>();
        try {
            for (Path domain : domains) {
                counters.add(number(domain.resolve(COUNTER)));
            }
        } catch (IOException | NumberFormatException gone) {
            counters.clear();
        }
        return counters;
    }

    /// Joules since `start`; nothing where nothing can be read.
    OptionalDouble joulesSince(List<Long> start) {
        List<Long> end = now();
        if (domains.isEmpty() || start.size() != domains.size() || end.size() != domains.size()) {
            return OptionalDouble.empty();
        }
        double microjoules = 0;
        for (int i = 0; i < end.size(); i++) {
            long grown = end.get(i) - start.get(i);
            microjoules += grown >= 0 ? grown : grown + ranges.get(i);
        }
        return OptionalDouble.of(microjoules * 1e-6);
    }
}
