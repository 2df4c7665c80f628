package org.ternlm.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyMeterTest {
    private static final Offset<Double> LITTLE = Offset.offset(1e-9);

    @TempDir
    private Path root;

    private Path domain(String folder, String name, long microjoules) throws IOException {
        Path domain = Files.createDirectories(root.resolve(folder));
        Files.writeString(domain.resolve("name"), name + "\n");
        Files.writeString(domain.resolve("max_energy_range_uj"), "1000000\n");
        set(domain, microjoules);
        return domain;
    }

    private static void set(Path domain, long microjoules) throws IOException {
        Files.writeString(domain.resolve("energy_uj"), microjoules + "\n");
    }

    @Test
    void packagesAndMemoryAreAddedAndPartsAreNot() throws IOException {
        Path first = domain("intel-rapl:0", "package-0", 500);
        Path second = domain("intel-rapl:1", "package-1", 0);
        Path memory = domain("intel-rapl:0:1", "dram", 7);
        Path cores = domain("intel-rapl:0:0", "core", 3);
        Path all = domain("intel-rapl:2", "psys", 3);
        EnergyMeter meter = new EnergyMeter(root);
        List<Long> start = meter.now();
        set(first, 200_500);
        set(second, 30_000);
        set(memory, 1_007);
        set(cores, 100_000);
        set(all, 900_000);
        assertThat(meter.joulesSince(start)).isPresent();
        assertThat(meter.joulesSince(start).getAsDouble()).isCloseTo(0.231, LITTLE);
    }

    @Test
    void aCounterThatBeganAgainHasGrown() throws IOException {
        Path only = domain("intel-rapl:0", "package-0", 999_000);
        EnergyMeter meter = new EnergyMeter(root);
        List<Long> start = meter.now();
        set(only, 4_000);
        assertThat(meter.joulesSince(start).getAsDouble()).isCloseTo(0.005, LITTLE);
    }

    @Test
    void nothingIsMeasuredWithoutCounters() {
        EnergyMeter meter = new EnergyMeter(root.resolve("absent"));
        assertThat(meter.joulesSince(meter.now())).isEmpty();
        EnergyMeter empty = new EnergyMeter(root);
        assertThat(empty.joulesSince(empty.now())).isEmpty();
    }

    /// A folder stands for a file that may not be read: the administrator could read any file.
    @Test
    void halfOfTheEnergyIsNotTakenForAllOfIt() throws IOException {
        domain("intel-rapl:0", "package-0", 500);
        Path second = domain("intel-rapl:1", "package-1", 500);
        Files.delete(second.resolve("energy_uj"));
        Files.createDirectory(second.resolve("energy_uj"));
        EnergyMeter meter = new EnergyMeter(root);
        assertThat(meter.joulesSince(meter.now())).isEmpty();
    }

    @Test
    void nothingIsMeasuredWhenACounterGoesAwayOrMakesNoSense() throws IOException {
        Path only = domain("intel-rapl:0", "package-0", 500);
        EnergyMeter meter = new EnergyMeter(root);
        List<Long> start = meter.now();
        Files.writeString(only.resolve("energy_uj"), "much");
        assertThat(meter.joulesSince(start)).isEmpty();
        set(only, 600);
        assertThat(meter.joulesSince(start)).isPresent();
    }
}
