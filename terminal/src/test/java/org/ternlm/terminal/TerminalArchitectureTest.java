package org.ternlm.terminal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this module, which is missing where those of the others are checked.
class TerminalArchitectureTest {
    private static final JavaClasses TERMINAL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.terminal");

    @Test
    void onlyOneClassKnowsTheTerminal() {
        noClasses().that().haveNameNotMatching(".*TerminalInput.*").should().dependOnClassesThat()
                .resideInAPackage("org.jline..").check(TERMINAL);
    }

    @Test
    void printsThroughTheConsoleAndStartsNoThreads() {
        noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err").orShould()
                .callMethod(System.class, "exit", int.class).orShould().dependOnClassesThat()
                .areAssignableTo(Thread.class).check(TERMINAL);
    }

    @Test
    void knowsNothingOfModelsInside() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.ternlm.server..", "org.ternlm.tokenizer..",
                "org.ternlm.chat.jinja..", "org.ternlm.quant..").check(TERMINAL);
    }
}
