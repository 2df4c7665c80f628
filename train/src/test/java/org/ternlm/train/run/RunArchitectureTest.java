package org.ternlm.train.run;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rule of ARCHITECTURE.md that the library behind `charts` is known there only; the module is missing where that of
/// the others is checked.
class RunArchitectureTest {
    private static final JavaClasses TRAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm.train");

    @Test
    void drawsThroughChartsOnly() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.knowm..", "java.awt..", "javax.imageio..")
                .check(TRAIN);
    }
}
