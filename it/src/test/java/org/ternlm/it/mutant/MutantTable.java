package org.ternlm.it.mutant;

import java.util.List;
import java.util.StringJoiner;

/// The page of the documentation, made of the data.
final class MutantTable {
    private static final String INTRODUCTION = """
            # Known mistakes, and the tests that catch them

            A language model with a mistake in its arithmetic still writes plausible text: a public runner shipped the
            2B4T model with the wrong activation, at six times the perplexity, and people chatted with it. Tern promises
            not to be silently wrong. For each mistake below, the build makes it on purpose: it replaces the text in the
            source, compiles that file, and runs the named test, which has to fail. The same tests pass without the mistake.

            The data are in `%s`. `MutantTest` in module `it` runs
            them in one virtual machine, each with classes of its own, and makes this page (`-Dtern.docs.write=true`). It is
            part of `mvn verify`; alone it is

                mvn verify -pl it -am -Dtest=MutantTest -Dsurefire.failIfNoSpecifiedTests=false

            Whoever changes a line that a mutant replaces is told so, and moves the mutant along.

            Mistakes that nobody could observe are not counted: a missing clip of activations to -128…127 (no more than
            ±127 occurs, see `AbsMaxTest#neverReachesMinus128`), another code in the filling of the run-time layout (its
            activations are zero). Nor are those that end in a refusal instead of a wrong number, such as a tied head that
            is not used (`lm_head.weight` is then missing) or offsets that do not add up.
            """;
    private static final String DATA = "it/src/test/resources/org/ternlm/it/mutant/mutants.json";

    private MutantTable() {}

    static String page(List<Mutant> mutants) {
        StringJoiner page = new StringJoiner("\n", INTRODUCTION.formatted(DATA) + "\n", "\n");
        page.add("| | mistake | where | caught by |");
        page.add("|---|---|---|---|");
        int number = 1;
        for (Mutant mutant : mutants) {
            String test = mutant.test().substring(mutant.test().lastIndexOf('.') + 1);
            page.add("| %d | %s | `%s` | `%s` |".formatted(number++, mutant.mistake().replace("|", "\\|"),
                    mutant.file(), test));
        }
        return page.toString();
    }
}
