package org.ternlm.it.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The promise of `docs/mutants.md`: Tern is never silently wrong.
class MutantTest {
    private static final int PROMISED = 20;

    @TempDir
    Path folder;

    static List<Mutant> mutants() {
        return Mutant.all();
    }

    static Stream<NamedTest> tests() {
        return Mutant.all().stream().map(Mutant::test).distinct().map(NamedTest::of);
    }

    @ParameterizedTest
    @MethodSource
    void mutants(Mutant mutant) throws Exception {
        MutantCompiler.compile(mutant, folder);
        try (MutantLoader loader = new MutantLoader(folder)) {
            NamedTest.Outcome outcome = NamedTest.of(mutant.test()).run(loader);
            assertThat(outcome.failures()).as("failures of %s, of which %d parts passed", mutant.test(),
                    outcome.passed()).isNotEmpty();
            // A mutant that does not link or exhausts the machine proves nothing.
            assertThat(outcome.failures()).doesNotHaveAnyElementsOfTypes(LinkageError.class, VirtualMachineError.class,
                    ClassNotFoundException.class);
        }
    }

    /// Without a mistake they pass, in the same surroundings.
    @ParameterizedTest
    @MethodSource
    void tests(NamedTest test) throws Exception {
        try (MutantLoader loader = new MutantLoader(folder)) {
            NamedTest.Outcome outcome = test.run(loader);
            assertThat(outcome.failures()).isEmpty();
            assertThat(outcome.passed()).isPositive();
        }
    }

    @Test
    void theTableInTheDocumentationIsThatOfTheData() throws Exception {
        Path page = Mutant.ROOT.resolve("docs/mutants.md");
        String expected = MutantTable.page(Mutant.all());
        if (Boolean.getBoolean("tern.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).as("docs/mutants.md; -Dtern.docs.write=true writes it").isEqualTo(expected);
    }

    @Test
    void areEnoughAndEachIsOnlyThereOnce() {
        assertThat(Mutant.all()).hasSizeGreaterThanOrEqualTo(PROMISED);
        assertThat(Mutant.all()).extracting(Mutant::name).doesNotHaveDuplicates();
        assertThat(Mutant.all()).extracting(mutant -> mutant.file() + mutant.text() + mutant.replacement())
                .doesNotHaveDuplicates();
        assertThat(Mutant.all()).allMatch(mutant -> !mutant.text().equals(mutant.replacement()));
    }
}
