package org.ternlm.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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

/// The rules of ARCHITECTURE.md that the compiler cannot see.
class ArchitectureTest {
    private static final String ROOT = "org.ternlm.";
    private static final JavaClasses TERN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/test-classes/")).importPackages("org.ternlm");

    /// The packages of core from the bottom up: each may use those before it, with the exceptions named below.
    private static void mayOnlyUse(String name, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = ROOT + name + "..";
        for (int i = 0; i < others.length; i++) {
            allowed[i + 1] = ROOT + others[i] + "..";
        }
        DescribedPredicate<JavaClass> foreign = JavaClass.Predicates.resideInAPackage("org.ternlm..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed)));
        noClasses().that().resideInAPackage(ROOT + name + "..").should().dependOnClassesThat(foreign).check(TERN);
    }

    @Test
    void packagesKnowOnlyWhatIsBelowThem() {
        mayOnlyUse("tensor");
        mayOnlyUse("quant", "tensor");
        mayOnlyUse("format", "tensor");
        mayOnlyUse("tokenizer", "tensor", "quant", "format");
        mayOnlyUse("kernel", "tensor", "quant");
        mayOnlyUse("model", "tensor", "quant", "format", "kernel");
        mayOnlyUse("convert", "tensor", "quant", "format", "tokenizer", "kernel", "model");
        mayOnlyUse("generate", "tensor", "quant", "format", "tokenizer", "kernel", "model");
        mayOnlyUse("command", "tensor", "quant", "format", "tokenizer", "kernel", "model", "generate");
        mayOnlyUse("options", "tensor", "quant", "format", "tokenizer", "kernel", "model", "generate", "command",
                "hub");
        mayOnlyUse("chat", "tensor", "quant", "format", "tokenizer", "kernel", "model", "generate");
        mayOnlyUse("eval", "tensor", "quant", "format", "tokenizer", "kernel", "model", "generate", "command",
                "options");
        mayOnlyUse("eval.task", "command", "options");
        mayOnlyUse("eval.measure", "eval.task", "tokenizer", "generate", "model", "kernel", "command");
        mayOnlyUse("eval.report", "eval.task", "eval.measure");
        mayOnlyUse("charts");
        mayOnlyUse("hub");
        mayOnlyUse("compare", "tensor", "quant", "format", "tokenizer", "kernel", "model", "generate", "command",
                "options", "eval");
        // The experiment sees what users see: it starts the program, and only the shipped models are opened in it.
        noClasses().that().resideInAPackage(ROOT + "compare..").and().resideOutsideOfPackage(ROOT
                + "compare.shipped..").should().dependOnClassesThat().resideInAnyPackage(ROOT + "generate..", ROOT
                        + "model..", ROOT + "eval..")
                .check(TERN);
    }

    @Test
    void onlyChartsKnowsItsLibraryAndTheWindowToolkit() {
        noClasses().that().resideOutsideOfPackage(ROOT + "charts..").should().dependOnClassesThat()
                .resideInAnyPackage("org.knowm..", "java.awt..", "javax.swing..", "javax.imageio..").check(TERN);
    }

    @Test
    void arithmeticKnowsNoFiles() {
        noClasses().that().resideInAnyPackage(ROOT + "tensor..", ROOT + "quant..", ROOT + "kernel..").should()
                .dependOnClassesThat().resideInAPackage("java.nio.file..").check(TERN);
    }

    @Test
    void theVectorApiStaysInItsPackage() {
        noClasses().that().resideOutsideOfPackage(ROOT + "kernel.vector..").should().dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..").check(TERN);
    }

    @Test
    void onlyTheSelectionKnowsTheVectorKernels() {
        noClasses().that().resideInAPackage("org.ternlm..").and().resideOutsideOfPackage(ROOT + "kernel.vector..").and()
                .doNotHaveFullyQualifiedName(ROOT + "kernel.KernelSelection").should().dependOnClassesThat()
                .resideInAPackage(ROOT + "kernel.vector..").check(TERN);
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        noClasses().that().resideOutsideOfPackage(ROOT + "cli..").should().accessField(System.class, "out").orShould()
                .accessField(System.class, "err").orShould().callMethod(System.class, "exit", int.class).orShould()
                .callMethod(Throwable.class, "printStackTrace").check(TERN);
    }

    @Test
    void threadsStartInFewPlaces() {
        Set<String> starters = Set.of(ROOT + "kernel.Workers", ROOT + "kernel.Workers$Worker", ROOT + "kernel.WarmUp",
                ROOT + "generate.Scheduler", ROOT + "command.Interruption", ROOT + "hub.Pull", ROOT + "hub.StallWatch");
        DescribedPredicate<JavaAccess<?>> startsThread = DescribedPredicate.describe("starts a thread", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return owner.isEquivalentTo(Thread.class) && Set.of("<init>", "start", "ofPlatform", "ofVirtual",
                    "startVirtualThread").contains(name) || owner.isAssignableTo(Executor.class)
                    || owner.getName().equals("java.util.concurrent.Executors");
        });
        noClasses().that(DescribedPredicate.describe("may not start threads",
                candidate -> !starters.contains(candidate.getName()) && !candidate.getPackageName().startsWith(ROOT
                        + "cli")))
                .should().accessTargetWhere(startsThread).check(TERN);
    }

    @Test
    void onlyServerAndHubSpeakHttp() {
        noClasses().that().resideOutsideOfPackages(ROOT + "server..", ROOT + "hub..").should().dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "com.sun.net.httpserver..").check(TERN);
        noClasses().that().resideInAPackage(ROOT + "hub..").should().dependOnClassesThat()
                .resideInAnyPackage("com.sun.net.httpserver..").check(TERN);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(TERN);
    }

    @Test
    void whatIsPublicInKernelPackagesIsFinalOrAnInterface() {
        classes().that().resideInAPackage(ROOT + "kernel..").and().arePublic().and().areNotInterfaces().should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL).check(TERN);
    }
}
