package org.ternlm.chat;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this module, which is missing where those of the others are checked.
class ChatArchitectureTest {
    private static final JavaClasses CHAT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.chat");

    /// An untrusted template reaches what its interpreter reaches.
    @Test
    void templatesReachNothing() {
        noClasses().that().resideInAPackage("org.ternlm.chat.jinja..").should().dependOnClassesThat()
                .resideOutsideOfPackages("org.ternlm.chat.jinja..", "java.lang", "java.lang.invoke",
                        "java.lang.runtime",
                        "java.math", "java.time..", "java.util..", "org.jspecify..")
                .orShould().accessClassesThat().haveFullyQualifiedName("java.lang.Class").orShould()
                .accessClassesThat().haveFullyQualifiedName("java.lang.ClassLoader").check(CHAT);
    }

    @Test
    void knowsNoCommandLineTerminalOrServer() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.ternlm.command..", "org.ternlm.options..",
                "org.ternlm.terminal..", "org.ternlm.server..", "java.net.http..").check(CHAT);
        noClasses().should().dependOnClassesThat(DescribedPredicate.describe("reach a network",
                foreign -> foreign.getPackageName().equals("java.net")
                        && !foreign.getSimpleName().equals("URLDecoder")))
                .check(CHAT);
    }

    @Test
    void startsNoThreads() {
        noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class).check(CHAT);
    }
}
