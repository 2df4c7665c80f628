package org.ternlm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files out of mutations of sound ones: opened or refused, never anything else.
class FuzzTest {
    private static final int ROUNDS = 300;

    @TempDir
    Path scratch;

    /// The seeds are sound, and a few hundred blind mutations of each find nothing; the fuzzer below looks for longer.
    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void blindMutationsFindNothing(FuzzTarget target) throws IOException {
        Random random = new Random(20_261_122);
        for (byte[] seed : FuzzSeeds.of(target)) {
            Path file = Files.write(scratch.resolve(target.fileName()), seed);
            target.use(file);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] mutant = seed.clone();
                for (int k = random.nextInt(4); k >= 0; k--) {
                    int within = random.nextBoolean() ? mutant.length : Math.min(400, mutant.length);
                    mutant[random.nextInt(within)] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
                }
                target.accept(mutant, scratch);
            }
        }
    }

    /// Jazzer, guided by coverage, in a JVM of its own, for `-Dtern.fuzz.seconds` (60).
    @Tag("soak")
    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void jazzerFindsNothing(FuzzTarget target) throws Exception {
        int seconds = Integer.getInteger("tern.fuzz.seconds", 60);
        Path seeds = Files.createDirectory(scratch.resolve("seeds"));
        Path files = Files.createDirectory(scratch.resolve("files"));
        for (byte[] seed : FuzzSeeds.of(target)) {
            Files.write(Files.createTempFile(seeds, "seed", ""), seed);
        }
        Path log = scratch.resolve("log.txt");
        Process jazzer = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-Xss1m", "-cp", System.getProperty("java.class.path"), "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED", "-Dtern.fuzz.target=" + target,
                "-Dtern.fuzz.scratch=" + files, "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(), "--instrumentation_includes=org.ternlm.**",
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.**",
                "-max_total_time=" + seconds, "-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1",
                "-artifact_prefix=" + scratch + "/", seeds.toString())).directory(scratch.toFile())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = jazzer.waitFor(seconds + 120L, TimeUnit.SECONDS);
        if (!ended) {
            jazzer.destroyForcibly().waitFor();
        }
        String output = Files.readString(log);
        assertThat(ended).as(output).isTrue();
        assertThat(jazzer.exitValue()).as(output).isZero();
        // A fuzzer that sees no coverage or runs nothing finds nothing either.
        assertThat(output).containsPattern("NEW +cov: [0-9]{2,}").contains("stat::number_of_executed_units");
        System.out.println(target + output.substring(output.indexOf("stat::number_of_executed_units") - 1)
                .lines().limit(3).reduce("", (all, line) -> all + " " + line));
    }
}
