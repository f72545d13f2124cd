package io.colla.python.worker;

import io.colla.binary.TaskEnvironment;
import io.colla.platform.TaskError;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts Python interpreters with Colla's package on their path, and finds out why one does not do what it should. */
final class Interpreter {
    /** System property: the folder of Colla's installation, whose folder {@code python} has our packages. */
    private static final String HOME = "colla.home";
    /** System property: the folder with our packages, in place of the installation's. */
    private static final String PACKAGES = "colla.python";

    private static final String PATH = "PYTHONPATH";

    private static final int EXAMINATION_SECONDS = 20;
    private static final String EXAMINATION =
            """
            import sys
            print(sys.version.split()[0], flush=True)
            if sys.version_info >= (3, 9):
                import colla.worker.zygote
                import cloudpickle
                print("usable")
            """;

    private final String path;
    private final Path folder;
    private final String node;
    private final Map<String, String> trace;

    /**
     * @param folder where the interpreter is started and what it prints is kept
     * @param trace what it is told of the run's trace
     */
    Interpreter(String path, Path folder, String node, Map<String, String> trace) {
        this.path = path;
        this.folder = folder;
        this.node = node;
        this.trace = trace;
    }

    String path() {
        return path;
    }

    /**
     * Starts it.
     *
     * @param output file that gets what it prints
     * @throws TaskError if there is no such program
     */
    Process start(List<String> arguments, File output) throws TaskError {
        ProcessBuilder builder = new ProcessBuilder(path)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output)
                .redirectErrorStream(true);
        builder.command().addAll(arguments);
        builder.environment().putAll(environment());
        TraceFolder.tell(trace, builder.environment());
        if (!trace.getOrDefault(TraceFolder.SETTINGS_VARIABLE, "").startsWith(TraceSettings.Level.EXTRAE.name())) {
            TaskEnvironment.removeExtrae(builder.environment());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            String reason =
                    Files.exists(Path.of(path)) ? "cannot be run (" + e.getMessage() + ")" : "does not exist there";
            throw unusable(reason);
        }
    }

    /** What lets an interpreter find Colla's package. */
    static Map<String, String> environment() {
        String ours = packages();
        String users = System.getenv(PATH);
        return ours == null ? Map.of() : Map.of(PATH, users == null ? ours : ours + File.pathSeparator + users);
    }

    private static @Nullable String packages() {
        String packages = System.getProperty(PACKAGES);
        String home = System.getProperty(HOME);
        return packages != null || home == null
                ? packages
                : Path.of(home, "python").toString();
    }

    private TaskError unusable(String reason) {
        return new TaskError(
                "Python tasks cannot run on node " + node + ": the interpreter " + path + " " + reason
                        + "; choose another with --python, or install what is missing on all nodes",
                "",
                false,
                null);
    }

    /** Why a zygote of this interpreter has ended before it was heard of. */
    TaskError examine(int exitCode, Path printed) {
        Path report = folder.resolve("examination-" + Thread.currentThread().getId());
        try {
            Process process = start(List.of("-c", EXAMINATION), report.toFile());
            if (!process.waitFor(EXAMINATION_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return unusable("does not answer within " + EXAMINATION_SECONDS + " s");
            }
            return judge(Files.readString(report).strip(), exitCode, printed);
        } catch (TaskError e) {
            return e;
        } catch (IOException e) {
            return unusable("ended with exit code " + exitCode + " right after its start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unusable("ended with exit code " + exitCode + " right after its start");
        } finally {
            report.toFile().delete();
        }
    }

    private TaskError judge(String report, int exitCode, Path printed) {
        List<String> lines = report.lines().toList();
        String version = lines.isEmpty() ? "" : lines.get(0);
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (last.equals("usable")) {
            String end = tail(printed, 2000).strip();
            return new TaskError(
                    "Python tasks cannot run on node " + node + ": python -m colla.worker ended with exit code "
                            + exitCode + " right after its start",
                    end,
                    true,
                    null);
        }
        if (version.matches("[0-9]+\\.[0-9]+.*") && isTooOld(version)) {
            return unusable("is Python " + version + ", and Colla needs 3.9 or newer");
        }
        if (last.contains("No module named 'colla")) {
            return unusable("cannot import Colla's package (" + last + ")");
        }
        if (last.contains("No module named 'cloudpickle'")) {
            return unusable("lacks the package cloudpickle");
        }
        return unusable("does not work (" + (last.isEmpty() ? "exit code " + exitCode : last) + ")");
    }

    private static boolean isTooOld(String version) {
        String[] parts = version.split("[^0-9]+");
        int major = Integer.parseInt(parts[0]);
        return major < 3 || (major == 3 && Integer.parseInt(parts[1]) < 9);
    }

    /** The end of a file, or nothing if it cannot be read. */
    static String tail(Path file, int most) {
        try (java.io.RandomAccessFile in = new java.io.RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            byte[] bytes = new byte[(int) Math.min(length, most)];
            in.seek(length - bytes.length);
            in.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return bytes.length == length ? text : text.substring(Math.max(0, text.indexOf('\n') + 1));
        } catch (IOException e) {
            return "";
        }
    }
}
