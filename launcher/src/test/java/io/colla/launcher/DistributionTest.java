package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.launcher.training.OneTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The installed command: needs {@code COLLA_HOME}, or a {@code dist/colla} that {@code mvn package} has left. */
@Tag("process")
class DistributionTest {
    private static final String ONE_TASK = OneTask.class.getName();

    @TempDir
    Path root;

    private Path home;
    private Path directory;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void find() throws IOException {
        String given = System.getenv("COLLA_HOME");
        home = Path.of(Optional.ofNullable(given).orElse("../dist/colla"))
                .toAbsolutePath()
                .normalize();
        assumeTrue(given != null || Files.exists(home.resolve("bin/colla")), "no distribution has been built");
        directory = Files.createDirectory(root.resolve("work"));
        environment.put("XDG_CACHE_HOME", root.resolve("cache").toString());
        environment.put("HOME", root.toString());
    }

    private CollaProcess colla(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/colla").toString()));
        command.addAll(List.of(arguments));
        return new CollaProcess(command, directory, environment);
    }

    private CollaProcess oneTask() throws IOException {
        return colla("run", "--quiet", "-cp", launcherJar(), ONE_TASK);
    }

    private String launcherJar() throws IOException {
        return home.resolve("lib")
                .resolve(
                        Files.readAllLines(home.resolve("lib/classpath")).get(0).split(" ")[0])
                .toString();
    }

    static Stream<Path> javas() throws IOException {
        return JavaHomes.all().stream();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void worksOnEveryJavaWithoutAWord(Path java) throws Exception {
        environment.put("COLLA_JAVA", java.toString());
        for (int i = 0; i < 2; i++) { // the first run may make the archive, the second uses it
            try (CollaProcess run = oneTask()) {
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(run.out()).isEqualTo("3");
                assertThat(run.err()).isEmpty();
            }
        }
        try (CollaProcess doctor = colla("doctor")) {
            doctor.exitCode();
            assertThat(doctor.err()).isEmpty();
            assertThat(doctor.out()).contains("class data are shared", "Java " + JavaHomes.major(java) + ".");
        }
        try (CollaProcess version = colla("--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.out()).startsWith("colla ");
            assertThat(version.err()).isEmpty();
        }
    }

    @Test
    void startsThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), home.resolve("bin/colla"));
        try (CollaProcess version = new CollaProcess(List.of(link.toString(), "--version"), directory, environment)) {
            assertThat(version.exitCode()).isZero();
        }
    }

    @Test
    void runsWithoutAnArchiveWhereNoneCanBeWritten() throws Exception {
        Path copy = root.resolve("a copy");
        Process cp = new ProcessBuilder("cp", "-r", home.toString(), copy.toString())
                .inheritIO()
                .start();
        assertThat(cp.waitFor()).isZero();
        home = copy;
        environment.put("XDG_CACHE_HOME", "/proc/none");
        try (CollaProcess run = oneTask()) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void saysThatAJavaIsTooOld() throws Exception {
        Path old = Files.createDirectories(root.resolve("jdk-11/bin")).getParent();
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        Files.createFile(
                old.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        environment.put("JAVA_HOME", old.toString());
        try (CollaProcess version = colla("--version")) {
            assertThat(version.exitCode()).isEqualTo(ExitCode.USAGE.number());
            assertThat(version.err())
                    .startsWith("colla: " + old + "/bin/java is Java 11.0.2, and Colla needs 17 or newer;");
        }
    }

    @Test
    void saysThatThereIsNoJava() throws Exception {
        environment.put("JAVA_HOME", "");
        environment.put("PATH", directory.toString());
        List<String> command = List.of("/bin/sh", home.resolve("bin/colla").toString(), "--version");
        try (CollaProcess version = new CollaProcess(command, directory, environment)) {
            assertThat(version.exitCode()).isEqualTo(ExitCode.USAGE.number());
            assertThat(version.err()).startsWith("colla: no Java found;");
        }
        environment.put("JAVA_HOME", "/nowhere");
        try (CollaProcess version = new CollaProcess(command, directory, environment)) {
            assertThat(version.exitCode()).isEqualTo(ExitCode.USAGE.number());
            assertThat(version.err()).startsWith("colla: JAVA_HOME=/nowhere has no bin/java;");
        }
    }
}
