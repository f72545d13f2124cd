package io.colla.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The house stands as docs/adr and the design say: dependencies point downwards, the engine is pure. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.colla");

    @Test
    void dependenciesPointDownwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("launcher")
                .definedBy("io.colla.launcher..")
                .layer("adapters")
                .definedBy("io.colla.slurm..", "io.colla.pbs..")
                .layer("tasks")
                .definedBy("io.colla.binary..")
                .layer("mpi")
                .definedBy("io.colla.mpi..")
                .layer("python")
                .definedBy("io.colla.python..")
                .layer("master")
                .definedBy("io.colla.master..")
                .layer("worker")
                .definedBy("io.colla.worker..")
                .layer("engine")
                .definedBy("io.colla.core..", "io.colla.scheduler..")
                .layer("transport")
                .definedBy("io.colla.transport..")
                .layer("wire")
                .definedBy("io.colla.wire..")
                .layer("platform")
                .definedBy("io.colla.platform..")
                .layer("api")
                .definedBy("io.colla.api..")
                .layer("tracing")
                .definedBy("io.colla.tracing..")
                .whereLayer("tracing")
                .mayOnlyBeAccessedByLayers("launcher", "master", "worker", "mpi", "python")
                .whereLayer("launcher")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("adapters")
                .mayOnlyBeAccessedByLayers("launcher")
                .whereLayer("tasks")
                .mayOnlyBeAccessedByLayers("launcher", "mpi", "python")
                .whereLayer("mpi")
                .mayOnlyBeAccessedByLayers("launcher", "python")
                .whereLayer("python")
                .mayOnlyBeAccessedByLayers("launcher")
                .whereLayer("master")
                .mayOnlyBeAccessedByLayers("launcher", "python")
                .whereLayer("worker")
                .mayOnlyBeAccessedByLayers("launcher", "master", "mpi", "python")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("launcher", "python", "master")
                .whereLayer("transport")
                .mayOnlyBeAccessedByLayers("launcher", "master", "worker")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("master", "worker", "transport")
                .whereLayer("platform")
                .mayOnlyBeAccessedByLayers("launcher", "adapters", "tasks", "mpi", "python", "master", "worker", "wire")
                .check(HOUSE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.colla.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void theEngineIsPure() {
        noClasses()
                .that()
                .resideInAnyPackage("io.colla.core..", "io.colla.scheduler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "java.time..", "org.slf4j..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(HOUSE);
    }

    @Test
    void onlyCommandsEndTheProcess() {
        noClasses()
                .that(
                        HasName.Predicates.nameMatching(
                                "io\\.colla\\.(?!mpi\\.java\\.RankMain)(api|core|scheduler|wire|transport|master|platform|binary|mpi|python|slurm|pbs)\\..*"))
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(HOUSE);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .because("waits have an event and a deadline")
                .check(HOUSE);
    }

    @Test
    void portsAreFoundByName() {
        classes()
                .that()
                .implement(io.colla.platform.TaskExecutor.class)
                .should()
                .bePublic()
                .check(HOUSE);
    }
}
