package org.ternlm.train.distributed;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this package; the module is missing where those of the others are checked.
class DistributedArchitectureTest {
    private static final JavaClasses DISTRIBUTED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.train.distributed");

    @Test
    void knowsNothingOfModelsAndData() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.ternlm.model..", "org.ternlm.generate..",
                "org.ternlm.kernel..", "org.ternlm.train.config..", "org.ternlm.train.data..", "org.ternlm.train.run..",
                "org.ternlm.train.torch..").check(DISTRIBUTED);
    }

    /// So that a process alone, and one that only starts others, loads no libtorch.
    @Test
    void fewKnowTheEngine() {
        noClasses().that().doNotHaveSimpleName("Joining").and().doNotHaveSimpleName("JoinedGroup").and()
                .doNotHaveSimpleName("Rendezvous").and().haveNameNotMatching(".*NativeView.*").should()
                .dependOnClassesThat().resideInAnyPackage("org.bytedeco..").check(DISTRIBUTED);
    }

    @Test
    void startsThreadsInFewPlaces() {
        noClasses().that().doNotHaveSimpleName("BoundedCall").and().doNotHaveSimpleName("PrefixedOutput").should()
                .callMethod(Thread.class, "ofPlatform").orShould().callMethod(Thread.class, "ofVirtual").orShould()
                .callMethod(Thread.class, "start").orShould().callConstructor(Thread.class, Runnable.class).orShould()
                .dependOnClassesThat().areAssignableTo(Executor.class).orShould().dependOnClassesThat()
                .areAssignableTo(Executors.class).check(DISTRIBUTED);
    }
}
