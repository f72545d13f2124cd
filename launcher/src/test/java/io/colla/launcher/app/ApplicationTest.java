package io.colla.launcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.Colla;
import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import io.colla.worker.ApplicationClassLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
    /** Offset of the major version in a class file (JVM specification, 4.1). */
    private static final int MAJOR = 7;

    @TempDir
    Path folder;

    /** Stands for an application. */
    public static final class Sample {
        private Sample() {}

        public static void main(String[] arguments) {
            if (arguments.length > 0) {
                throw new IllegalStateException(String.join(",", arguments));
            }
        }
    }

    /** Has no main method. */
    public static final class NoMain {
        private NoMain() {}
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            return in.readAllBytes();
        }
    }

    private Path write(Class<?> type, byte[] bytes) throws IOException {
        Path file = folder.resolve("classes").resolve(type.getName().replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return folder.resolve("classes");
    }

    private Path jar(String name, String main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (main != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        }
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry(Sample.class.getName().replace('.', '/') + ".class"));
            entries.write(bytes(Sample.class));
        }
        return jar;
    }

    private void load(Application application) throws IOException {
        try (ApplicationClassLoader loader = Application.loader(application.classPath())) {
            application.main(loader);
        }
    }

    @Test
    void runsTheMainClassOfAJarWithItsArguments() throws Throwable {
        Application application = ClassPath.ofJar(jar("sample-1.jar", Sample.class.getName()), List.of("a", "b c"));
        assertThat(application.name()).isEqualTo("sample-1");
        try (ApplicationClassLoader loader = Application.loader(application.classPath())) {
            var main = application.main(loader);
            assertThat(main.getDeclaringClass().getClassLoader()).isSameAs(loader);
            assertThatThrownBy(() -> application.run(main))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a,b c");
        }
    }

    @Test
    void runsAClassOfAClassPath() throws Exception {
        Path classes = write(Sample.class, bytes(Sample.class));
        Application application = ClassPath.ofClass(classes.toString(), Sample.class.getName(), List.of());
        assertThat(application.name()).isEqualTo("Sample");
        load(application);
    }

    @Test
    void expandsAFolderOfJars() throws IOException {
        Path b = jar("b.jar", null);
        Path a = jar("a.jar", null);
        assertThat(ClassPath.ofClass(folder + "/*", "x.Y", List.of()).classPath())
                .containsExactly(a, b);
    }

    @Test
    void hidesOurClassesAndLibrariesButShowsTheInterface() throws Exception {
        try (ApplicationClassLoader loader = Application.loader(List.of(folder))) {
            assertThat(loader.loadClass(Colla.class.getName())).isSameAs(Colla.class);
            assertThat(loader.loadClass("java.sql.Connection")).isNotNull();
            for (String hidden : List.of(
                    Nearest.class.getName(), "org.slf4j.Logger", "picocli.CommandLine", "org.yaml.snakeyaml.Yaml")) {
                assertThatThrownBy(() -> loader.loadClass(hidden)).isInstanceOf(ClassNotFoundException.class);
            }
            assertThat(loader.getResource("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .isNull();
            assertThat(loader.getResource("io/colla/api/Colla.class")).isNotNull();
        }
    }

    @Test
    void saysThatThereIsNoSuchJarAndNamesTheNearest() throws IOException {
        jar("analysis.jar", null);
        assertThatThrownBy(() -> ClassPath.ofJar(folder.resolve("analisys.jar"), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no such jar")
                .hasMessageContaining("did you mean 'analysis.jar'?");
    }

    @Test
    void saysThatAJarNamesNoMainClass() throws IOException {
        Path jar = jar("a.jar", null);
        assertThatThrownBy(() -> ClassPath.ofJar(jar, List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no Main-Class in its manifest")
                .hasMessageContaining("-cp " + jar);
    }

    @Test
    void saysThatAFileIsNoJar() throws IOException {
        Path file = Files.writeString(folder.resolve("text.jar"), "hello");
        assertThatThrownBy(() -> ClassPath.ofJar(file, List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot read " + file);
    }

    @Test
    void saysThatAClassIsMissingAndNamesOneLikeIt() throws IOException {
        write(NoMain.class, bytes(NoMain.class));
        Path classes =
                Files.createDirectories(folder.resolve("classes/science")).getParent();
        Files.write(classes.resolve("science/Simulation.class"), bytes(NoMain.class));
        assertThatThrownBy(() -> load(ClassPath.ofClass(classes.toString(), "Simulation", List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessage("no class 'Simulation' on the class path; did you mean 'science.Simulation'?");
        assertThatThrownBy(() -> load(ClassPath.ofClass(classes.toString(), "science.Simulatoin", List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean 'science.Simulation'?");
    }

    @Test
    void saysThatAClassHasNoMainMethod() throws IOException {
        Path classes = write(NoMain.class, bytes(NoMain.class));
        assertThatThrownBy(() -> load(ClassPath.ofClass(classes.toString(), NoMain.class.getName(), List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no method 'public static void main(String[])'");
    }

    @Test
    void saysForWhichJavaAClassWasCompiled() throws IOException {
        byte[] future = bytes(Sample.class);
        future[MAJOR] = (byte) (44 + 99);
        Path classes = write(Sample.class, future);
        assertThatThrownBy(() -> load(ClassPath.ofClass(classes.toString(), Sample.class.getName(), List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("was compiled for Java 99, and this is Java "
                        + Runtime.version().feature())
                .hasMessageContaining("--release");
    }

    @Test
    void saysThatAClassFileIsDamaged() throws IOException {
        Path classes = write(Sample.class, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThatThrownBy(() -> load(ClassPath.ofClass(classes.toString(), Sample.class.getName(), List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void saysWhichEntryOfTheClassPathIsMissing() {
        assertThatThrownBy(() -> ClassPath.ofClass(folder + ":" + folder + "/none", "x.Y", List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("-cp: no such file or folder: " + folder + "/none");
    }
}
