package io.colla.mpi.java;

import io.colla.platform.TaskContext;
import io.colla.worker.ApplicationClassLoader;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a rank's JVM: this worker's Java, with the worker's own class path, for which there is an archive of class data.
 *
 * @param ownClassPath of the JVM
 * @param classPath of the application, for a loader of its own; empty if the JVM's own has it
 * @param library folder of libmpi_java.so; null: left to the system
 */
public record RankCommand(String ownClassPath, String classPath, @Nullable Path library) {
    /** The property with more options for the ranks' java, separated by spaces; the variable {@code COLLA_MPI_JAVA_OPTS} gives them too. */
    public static final String OPTIONS_PROPERTY = "colla.mpi.java.opts";

    private static final String OPTIONS_VARIABLE = "COLLA_MPI_JAVA_OPTS";
    private static final String ARCHIVE = "-XX:SharedArchiveFile=";
    private static final long LEAST_HEAP = 16L << 20;
    /** Of the task's memory, for the heap: the rest is for MPI, code and threads. */
    private static final double HEAP_SHARE = 0.75;

    private static final int PERCENT_OF_NODE = 60;

    static RankCommand of(ClassLoader application, Bindings.Found bindings) {
        String own = System.getProperty("java.class.path", "");
        String jar = bindings.jar() == null ? "" : bindings.jar().toString();
        String classPath = application instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(RankCommand::file).collect(Collectors.joining(File.pathSeparator))
                : "";
        return application instanceof ApplicationClassLoader
                ? new RankCommand(own, joined(classPath, jar), bindings.library())
                : new RankCommand(joined(joined(own, classPath), jar), "", bindings.library());
    }

    private static String joined(String classPath, String more) {
        return classPath.isEmpty() || more.isEmpty() ? classPath + more : classPath + File.pathSeparator + more;
    }

    private static String file(URL url) {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url + " is no file's name", e);
        }
    }

    List<String> argv(TaskContext context, Path socket) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xshare:auto", "-XX:-UsePerfData"));
        words.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr", "-XX:+DisplayVMOutputToStderr"));
        words.add("-XX:ActiveProcessorCount=" + Math.max(1, context.coresPerRank()));
        words.add(heap(context));
        archive().ifPresent(words::add);
        if (library != null) {
            words.add("-Djava.library.path=" + library);
        }
        if (Runtime.version().feature() >= 24) {
            words.add("--enable-native-access=ALL-UNNAMED");
        }
        String more = System.getProperty(OPTIONS_PROPERTY, System.getenv().getOrDefault(OPTIONS_VARIABLE, ""));
        Arrays.stream(more.split("\\s+")).filter(word -> !word.isEmpty()).forEach(words::add);
        words.addAll(List.of("-cp", ownClassPath, RankMain.class.getName(), socket.toString(), classPath));
        return words;
    }

    /** By the rank's part of the task's memory; else of the node's, so that the ranks of a node do not take more than there is. */
    static String heap(TaskContext context) {
        int first = context.ranks().get(0);
        if (context.memory() > 0) {
            long bytes = Math.max(LEAST_HEAP, (long) (HEAP_SHARE * context.memory() / first));
            return "-Xmx" + (bytes >> 10) + "k";
        }
        int most = context.ranks().stream().mapToInt(Integer::intValue).max().orElse(1);
        return "-XX:MaxRAMPercentage=" + Math.max(1, Math.min(25, PERCENT_OF_NODE / most));
    }

    /** The archive that this JVM was started with, if it was. */
    private static java.util.Optional<String> archive() {
        return ProcessHandle.current().info().arguments().flatMap(arguments -> Arrays.stream(arguments)
                .filter(word -> word.startsWith(ARCHIVE))
                .findFirst());
    }
}
