package io.colla.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Colla;
import io.colla.master.Master;
import io.colla.master.MasterSessionProvider;
import io.colla.master.MasterSettings;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** All Java in the README and in the guide compiles, and prints what the pages say. */
@Tag("process")
class GuideTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @TempDir
    static Path folder;

    /** Pieces that use MPI's Java bindings are compiled where there are any. */
    private static final @Nullable String MPI_JAR = System.getenv("COLLA_MPI_JAVA");

    private static List<Snippet> snippets;
    private static URLClassLoader loader;
    private static Master master;

    @BeforeAll
    static void compile() throws IOException {
        snippets = new ArrayList<>();
        for (Path page : pages()) {
            snippets.addAll(Snippet.of(page.getFileName().toString(), Files.readString(page)));
        }
        if (MPI_JAR == null) {
            snippets.removeIf(snippet -> snippet.source().contains("import mpi."));
        }
        assertThat(snippets).extracting(Snippet::type).doesNotHaveDuplicates();
        Path classes = Files.createDirectory(folder.resolve("classes"));
        compile(classes);
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, GuideTest.class.getClassLoader());
        Allocation here = new Allocation("local", null, List.of(new NodeShare("here", 2, 1L << 30)), null, List.of());
        Path run = Files.createDirectory(folder.resolve("run"));
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        master = Master.start(MasterSettings.embedded(here, run, scratch, loader));
        MasterSessionProvider.use(master);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), guide.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static void compile(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        String classPath = System.getProperty("java.class.path") + (MPI_JAR == null ? "" : ":" + MPI_JAR);
        List<String> options = List.of("-d", classes.toString(), "-cp", classPath, "-proc:none");
        List<Source> sources = snippets.stream().map(Source::new).toList();
        boolean compiled =
                compiler.getTask(errors, null, null, options, null, sources).call();
        assertThat(compiled).as(errors.toString()).isTrue();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Snippet snippet) {
            super(URI.create("string:///" + snippet.type() + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = snippet.source();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    @AfterAll
    static void end() throws IOException {
        MasterSessionProvider.use(null);
        if (master != null) {
            master.close();
            loader.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> printsWhatThePageSays() {
        return snippets.stream()
                .filter(snippet -> snippet.output() != null)
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.place(),
                        () -> assertThat(run(snippet)).as(snippet.place()).isEqualTo(snippet.output())));
    }

    private static String run(Snippet snippet) throws Exception {
        PrintStream before = System.out;
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        thread.setContextClassLoader(loader);
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Class<?> type = loader.loadClass(snippet.type());
            if (snippet.isProgram()) {
                type.getMethod("main", String[].class).invoke(null, (Object) arguments());
            } else {
                try (Colla colla = Colla.start()) {
                    type.getMethod("run", Colla.class).invoke(null, colla);
                }
            }
        } finally {
            System.setOut(before);
            thread.setContextClassLoader(context);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Programs that read a file are given this one. */
    private static String[] arguments() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "to be\nor not\nto be\n");
        return new String[] {text.toString()};
    }
}
