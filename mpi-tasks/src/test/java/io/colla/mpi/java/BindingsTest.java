package io.colla.mpi.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.platform.TaskError;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingsTest {
    private static final ClassLoader APPLICATION = new URLClassLoader(new URL[0], null);

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void onlyOurPrograms() throws IOException {
        environment.put("PATH", Files.createDirectory(folder.resolve("bin")).toString());
        program("mpirun", "echo 'mpirun (Open MPI) 9.8.7'");
    }

    private void program(String name, String line) throws IOException {
        Path program = Files.writeString(folder.resolve("bin").resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private Bindings.Found find() throws TaskError {
        return new Bindings(environment).find(APPLICATION);
    }

    @Test
    void theSettingGoesFirst() throws Exception {
        Path jar = file("named/mpi.jar");
        Path library = file("named/libmpi_java.so");
        file("lib/mpi.jar");

        environment.put(Bindings.VARIABLE, jar.toString());
        assertThat(find()).isEqualTo(new Bindings.Found(jar, library.getParent()));
        environment.put(Bindings.VARIABLE, folder.resolve("named").toString());
        assertThat(find().jar()).isEqualTo(jar);
    }

    @Test
    void aSettingThatNamesNothingIsAnError() {
        environment.put(Bindings.VARIABLE, "/no/such/mpi.jar");
        assertThatThrownBy(this::find)
                .isInstanceOf(TaskError.class)
                .hasMessageContaining("--mpi-java /no/such/mpi.jar: there is no /no/such/mpi.jar on this node");
    }

    @Test
    void theLibraryFolderBesideMpirun() throws Exception {
        Path jar = file("lib/mpi.jar");
        file("lib/libmpi_java.so");
        assertThat(find()).isEqualTo(new Bindings.Found(jar, jar.getParent()));
    }

    @Test
    void theLibraryFolderOfAModule() throws Exception {
        Path jar = file("module/lib/mpi.jar");
        environment.put("EBROOTOPENMPI", folder.resolve("module").toString());
        assertThat(find().jar()).isEqualTo(jar);
    }

    @Test
    void whatTheCompilerOfMpiProgramsUses() throws Exception {
        Path jar = file("elsewhere/mpi.jar");
        program("mpijavac", "echo 'javac -cp " + jar + ":" + folder + "/shmem.jar'");
        assertThat(find().jar()).isEqualTo(jar);
    }

    @Test
    void theOneThatWasBuiltForThisOpenMpi() throws Exception {
        environment.put("HOME", folder.toString());
        file(".cache/colla/mpi-java/1.2.3/mpi.jar");
        assertThatThrownBy(this::find).hasMessageContaining("build-mpi-java");

        Path jar = file(".cache/colla/mpi-java/9.8.7/mpi.jar");
        assertThat(find().jar()).isEqualTo(jar);
    }

    @Test
    void theApplicationsOwnClassPath() throws Exception {
        file("classes/mpi/MPI.class");
        try (URLClassLoader application =
                new URLClassLoader(new URL[] {folder.resolve("classes").toUri().toURL()}, null)) {
            assertThat(new Bindings(environment).find(application).jar()).isNull();
        }
    }
}
