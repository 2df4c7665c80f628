package org.ternlm.train.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this package; the module is missing where those of the others are checked.
class DataArchitectureTest {
    private static final JavaClasses DATA = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.train.data");

    @Test
    void knowsNothingOfTheEngine() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.bytedeco..").check(DATA);
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.ternlm.model..", "org.ternlm.generate..",
                "org.ternlm.kernel..").check(DATA);
    }

    @Test
    void startsThreadsInOnePlace() {
        noClasses().that().doNotHaveSimpleName("TokenizingPool").should().dependOnClassesThat()
                .areAssignableTo(Executors.class).orShould().dependOnClassesThat().areAssignableTo(Thread.class)
                .check(DATA);
    }
}
