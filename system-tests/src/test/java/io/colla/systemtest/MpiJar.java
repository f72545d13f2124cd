package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Open MPI's Java bindings, for tests of methods on ranks. */
final class MpiJar {
    private MpiJar() {}

    /** The jar; without one, the test is skipped. */
    static Path need() {
        String named = System.getenv("COLLA_MPI_JAVA");
        assumeTrue(
                named != null && Files.isRegularFile(Path.of(named)),
                "no mpi.jar: build it with scripts/build-mpi-java and let COLLA_MPI_JAVA name it");
        return Path.of(named);
    }

    /** Compiles the program OnRanks into a folder. */
    static Path compile(Path folder) throws IOException {
        Path jar = need();
        Path source = Path.of("src/test/resources/mpi-java/OnRanks.java");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        String classPath = jar + ":" + System.getProperty("java.class.path");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            errors,
                            files,
                            null,
                            List.of("-d", classes.toString(), "-cp", classPath, "-proc:none"),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(errors.toString()).isTrue();
        }
        return classes;
    }
}
