package org.ternlm.it.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.cli.Main;
import org.ternlm.command.ExitCode;
import org.ternlm.command.MemoryConsole;
import org.ternlm.format.ModelFormatException;
import org.ternlm.generate.Generation;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// A damaged model is refused with one clear line, before anything large is allocated: by the library and by the program.
class DamageTest {
    private static final int PROMISED = 25;
    private static final int LONGEST_LINE = 600;
    /// A sound golden model needs less as well.
    private static final long MOST_BYTES = 64_000_000;
    private static final String KERNELS = "tern.kernels";
    private static final String PROMPT = "Once upon a time";

    @TempDir
    Path scratch;

    /// While they are interpreted, vectors are objects, and many; they would hide what a file makes Tern allocate.
    @BeforeAll
    static void chooseScalarKernels() {
        System.setProperty(KERNELS, "scalar");
    }

    @AfterAll
    static void chooseAnyKernels() {
        System.clearProperty(KERNELS);
    }

    static List<Damage> damages() {
        return Damage.all();
    }

    private static Generation generate(Path folder) {
        try (Tern tern = Tern.open(folder, 1); Session session = tern.session()) {
            return session.generate(tern.request(PROMPT).withMaxTokens(1));
        }
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void assertIsOneClearLine(String line, Damage damage) {
        assertThat(line).hasSizeLessThan(LONGEST_LINE).contains(damage.file(), damage.message());
        assertThat(line.codePoints().filter(Character::isISOControl)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void theLibraryRefusesIt(Damage damage) throws IOException {
        Path folder = damage.make(scratch.resolve("model"));
        long before = allocatedBytes();
        Throwable problem = catchThrowable(() -> generate(folder));
        assertThat(allocatedBytes() - before).as("allocated bytes").isLessThan(MOST_BYTES);
        assertThat(problem).isInstanceOf(ModelFormatException.class);
        assertIsOneClearLine(String.valueOf(problem.getMessage()), damage);
        assertThat(problem.getMessage()).startsWith(folder.toString()).contains("expected ", "found ");
    }

    @ParameterizedTest
    @MethodSource("damages")
    void theProgramSaysSoInOneLine(Damage damage) throws IOException {
        Path folder = damage.make(scratch.resolve("model"));
        Recording run = Recording.run("run", "-m", folder.toString(), "-n", "1", "--threads", "1", "--no-echo",
                PROMPT);
        assertThat(run.exitCode()).as(run.error()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.error()).startsWith("tern: ").endsWith(System.lineSeparator()).hasLineCount(1);
        assertIsOneClearLine(run.error().strip(), damage);
    }

    @ParameterizedTest
    @ValueSource(strings = {Damage.PACKED, Damage.MASTER, Damage.UNTIED, Damage.DENSE})
    void withoutDamageItRuns(String base) throws IOException {
        ModelCopy copy = ModelCopy.of(Damage.GOLDEN.resolve(base), scratch.resolve("model"));
        // The first time loads classes, which takes more than any model here.
        assertThat(generate(copy.folder()).tokens()).hasSize(1);
        long before = allocatedBytes();
        assertThat(generate(copy.folder()).tokens()).hasSize(1);
        assertThat(allocatedBytes() - before).as("allocated bytes").isLessThan(MOST_BYTES);
        copy.shard(index -> {});
        assertThat(generate(copy.folder()).tokens()).hasSize(1);
    }

    @Test
    void aFileThatMayNotBeReadIsNamed() throws IOException {
        for (String name : List.of(Damage.CONFIG, Damage.WEIGHTS, Damage.TOKENIZER)) {
            ModelCopy copy = ModelCopy.of(Damage.GOLDEN.resolve(Damage.PACKED), scratch.resolve(name));
            assertThat(copy.file(name).toFile().setReadable(false, false)).isTrue();
            assumeFalse(Files.isReadable(copy.file(name)), "whoever runs this may read everything");
            assertThat(catchThrowable(() -> generate(copy.folder()))).isInstanceOf(ModelFormatException.class)
                    .hasMessageContainingAll(name, "expected a readable");
        }
    }

    @Test
    void areEnoughAndEachIsOnlyThereOnce() {
        assertThat(Damage.all()).hasSizeGreaterThanOrEqualTo(PROMISED);
        assertThat(Damage.all()).extracting(Damage::name).doesNotHaveDuplicates();
    }

    /// One run of the program inside of this process.
    private record Recording(int exitCode, String out, String error) {
        static Recording run(String... args) {
            MemoryConsole console = new MemoryConsole();
            int exitCode = Main.run(args, console);
            return new Recording(exitCode, console.outText(), console.errorText());
        }
    }
}
