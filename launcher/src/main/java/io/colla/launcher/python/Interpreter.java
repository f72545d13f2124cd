package io.colla.launcher.python;

import io.colla.api.UsageException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Python that can run Colla's programs. That of a virtual environment is named by its path in there, since that path is what makes it find the environment.
 *
 * @param path absolute
 */
public record Interpreter(Path path) {
    private static final int LEAST_MINOR = 9;
    private static final long SECONDS = 20;
    private static final Pattern FILE_NAME = Pattern.compile("python3\\.(\\d+)[a-z]*");
    private static final Pattern ANSWER = Pattern.compile("(\\d+) (\\d+) (.+)");
    private static final String QUESTION = "import sys; print(*sys.version_info[:2], sys.executable)";

    /**
     * The one that the person wants: named, else that of the active virtual environment, else the first on the path.
     *
     * @param named a path, or a name to be looked for on the path; null when none was given
     * @throws UsageException if there is none, or it is too old
     */
    public static Interpreter find(@Nullable String named, Map<String, String> environment) {
        Path path = named != null ? ofName(named, environment) : ofEnvironment(environment);
        return checked(path);
    }

    private static Path ofName(String named, Map<String, String> environment) {
        Path path = named.contains("/") ? Path.of(named).toAbsolutePath().normalize() : onPath(named, environment);
        if (path == null || !isProgram(path)) {
            throw new UsageException("--python: there is no program " + named + "; name the path of a Python 3."
                    + LEAST_MINOR + " or newer, such as /usr/bin/python3");
        }
        return path;
    }

    private static Path ofEnvironment(Map<String, String> environment) {
        String active = environment.getOrDefault("VIRTUAL_ENV", "");
        if (!active.isEmpty()) {
            Path path = Path.of(active, "bin", "python3").toAbsolutePath();
            if (!isProgram(path)) {
                throw new UsageException("the virtual environment " + active + " (VIRTUAL_ENV) has no bin/python3;"
                        + " activate another, or name a Python with --python");
            }
            return path;
        }
        Path path = onPath("python3", environment);
        if (path == null) {
            throw new UsageException(
                    "there is no python3 on the PATH; load your site's Python module, or name a Python 3." + LEAST_MINOR
                            + " or newer with --python");
        }
        return path;
    }

    private static @Nullable Path onPath(String name, Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path path = Path.of(folder.isEmpty() ? "." : folder, name)
                    .toAbsolutePath()
                    .normalize();
            if (isProgram(path)) {
                return path;
            }
        }
        return null;
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /** Its real name mostly says its version; else it is asked, which takes as long as a Python takes to start. */
    private static Interpreter checked(Path path) {
        Matcher name = FILE_NAME.matcher(realName(path));
        if (name.matches()) {
            requireNew(path, 3, Integer.parseInt(name.group(1)));
            return new Interpreter(path);
        }
        return asked(path);
    }

    private static String realName(Path path) {
        try {
            return path.toRealPath().getFileName().toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static Interpreter asked(Path path) {
        String answer = answer(path);
        Matcher parts = ANSWER.matcher(answer);
        if (!parts.matches()) {
            throw new UsageException(path + " is no Python" + (answer.isEmpty() ? "" : ": it answers '" + answer + "'")
                    + "; name the path of a Python 3." + LEAST_MINOR + " or newer with --python");
        }
        requireNew(path, Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        // The path may be that of a script that picks one; workers and tasks are to have the same.
        return new Interpreter(Path.of(parts.group(3)));
    }

    private static String answer(Path path) {
        Process process = null;
        try {
            process = new ProcessBuilder(path.toString(), "-E", "-S", "-c", QUESTION)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                return "";
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.substring(text.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private static void requireNew(Path path, int major, int minor) {
        if (major < 3 || (major == 3 && minor < LEAST_MINOR)) {
            throw new UsageException(path + " is Python " + major + "." + minor + ", and Colla needs 3." + LEAST_MINOR
                    + " or newer; name another with --python");
        }
    }
}
