package org.ternlm.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The rules of ARCHITECTURE.md for this module.
class SparkArchitectureTest {
    // The module's own folder: to look for a package in all jars of Spark takes long.
    private static final JavaClasses SPARK = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void oneClassKnowsTheInsideOfSparkSql() {
        noClasses().that().doNotHaveFullyQualifiedName(Catalyst.class.getName()).should().dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark.sql.catalyst..", "org.apache.spark.sql.classic..",
                        "org.apache.spark.sql.execution..")
                .check(SPARK);
    }

    @Test
    void nothingPrintsExitsOrStartsThreads() {
        noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err").orShould()
                .callMethod(System.class, "exit", int.class).orShould().callConstructor(Thread.class, Runnable.class)
                .orShould().dependOnClassesThat().areAssignableTo(java.util.concurrent.Executor.class).check(SPARK);
    }
}
