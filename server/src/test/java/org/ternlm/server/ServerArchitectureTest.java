package org.ternlm.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this module, which is missing where those of the others are checked.
class ServerArchitectureTest {
    private static final String SERVER = "org.ternlm.server.";
    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(
            new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.server");

    @Test
    void onlyHttpKnowsHelidon() {
        noClasses().that().resideOutsideOfPackage(SERVER + "http..").should().dependOnClassesThat().resideInAPackage(
                "io.helidon..").check(CLASSES);
    }

    @Test
    void httpKnowsNoModels() {
        noClasses().that().resideInAPackage(SERVER + "http..").should().dependOnClassesThat(JavaClass.Predicates
                .resideInAPackage("org.ternlm..").and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(
                        SERVER + "http.."))))
                .check(CLASSES);
    }

    @Test
    void requestsAreAnsweredWithoutFiles() {
        // The page is read when the server starts.
        noClasses().that().resideInAnyPackage(SERVER + "http..", SERVER + "openai..").and()
                .doNotHaveFullyQualifiedName(SERVER + "http.Page").should().dependOnClassesThat().resideInAnyPackage(
                        "java.nio.file..")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.File").check(CLASSES);
    }

    @Test
    void onlyTheCommandKnowsTheCommandLine() {
        noClasses().that().resideInAnyPackage(SERVER + "http..", SERVER + "openai..").should().dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.ternlm.command..", "org.ternlm.options..").check(CLASSES);
    }

    @Test
    void nothingPrintsOrExits() {
        noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err").orShould()
                .callMethod(System.class, "exit", int.class).orShould().callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void threadsStartWhereConnectionsAre() {
        Set<String> starters = Set.of(SERVER + "http.ClientConnection", SERVER + "http.Connections");
        DescribedPredicate<JavaAccess<?>> startsThread = DescribedPredicate.describe("starts a thread", access -> {
            JavaClass owner = access.getTargetOwner();
            return owner.isEquivalentTo(Thread.class) && Set.of("<init>", "start", "ofPlatform", "ofVirtual",
                    "startVirtualThread").contains(access.getTarget().getName()) || owner.isAssignableTo(Executor.class)
                    || owner.getName().equals("java.util.concurrent.Executors");
        });
        noClasses().that(DescribedPredicate.describe("may not start threads", candidate -> !starters.contains(candidate
                .getName()))).should().accessTargetWhere(startsThread).check(CLASSES);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLASSES);
    }
}
