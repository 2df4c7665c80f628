package org.ternlm.onednn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this module, which is missing where those of the others are checked.
class OneDnnArchitectureTest {
    private static final JavaClasses TERN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.ternlm");

    @Test
    void knowsKernelsAlone() {
        noClasses().that().resideInAPackage("org.ternlm.onednn..").should().dependOnClassesThat().resideInAnyPackage(
                "org.ternlm.model..", "org.ternlm.generate..", "org.ternlm.format..", "org.ternlm.tokenizer..",
                "org.ternlm.convert..", "org.ternlm.quant..").check(TERN);
    }

    @Test
    void callsForeignFunctionsInOnePlace() {
        noClasses().that().doNotHaveFullyQualifiedName("org.ternlm.onednn.OneDnnCalls").should().dependOnClassesThat()
                .areAssignableTo(Linker.class).orShould().dependOnClassesThat().resideInAPackage("org.bytedeco..")
                .check(TERN);
    }

    @Test
    void startsNoThreads() {
        noClasses().that().resideInAPackage("org.ternlm.onednn..").should().dependOnClassesThat().areAssignableTo(
                Thread.class).check(TERN);
    }
}
