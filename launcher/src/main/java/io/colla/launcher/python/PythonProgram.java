package io.colla.launcher.python;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python program that has been found but not started.
 *
 * @param name for people: the script's or the module's last name
 * @param words what follows the interpreter on its command line
 */
public record PythonProgram(String name, List<String> words) {
    private static final String SUFFIX = ".py";
    private static final int FIRST_LINE = 256;

    public PythonProgram {
        words = List.copyOf(words);
    }

    /**
     * {@code script.py args...}.
     *
     * @throws UsageException if there is no such script, or it cannot be read
     */
    public static PythonProgram ofScript(String script, List<String> arguments) {
        Path path = Path.of(script);
        if (Files.isDirectory(path) && !Files.exists(path.resolve("__main__.py"))) {
            throw new UsageException(script + " is a folder without __main__.py; name a script in it");
        }
        if (!Files.exists(path)) {
            throw new UsageException("no such script: " + script + near(path.toAbsolutePath()));
        }
        if (!Files.isReadable(path)) {
            throw new UsageException("the script " + script + " may not be read; check its permissions");
        }
        String file = path.toAbsolutePath().normalize().getFileName().toString();
        String name = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
        return new PythonProgram(name, words(List.of(script), arguments));
    }

    /** {@code -m module args...}; whether there is such a module is for Python to say. */
    public static PythonProgram ofModule(String module, List<String> arguments) {
        if (module.isEmpty() || module.contains("/")) {
            throw new UsageException("-m " + module + ": that cannot be a module's name; give one as in python3 -m");
        }
        return new PythonProgram(
                module.substring(module.lastIndexOf('.') + 1), words(List.of("-m", module), arguments));
    }

    private static List<String> words(List<String> first, List<String> arguments) {
        List<String> words = new ArrayList<>(first);
        words.addAll(arguments);
        return words;
    }

    /** Whether a word on the command line means a script: by its name, or because the file begins as one. */
    public static boolean isScript(String word) {
        Path path = Path.of(word);
        return word.endsWith(SUFFIX)
                || (Files.isRegularFile(path) && callsPython(path))
                || Files.exists(path.resolve("__main__.py"));
    }

    private static boolean callsPython(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String beginning = new String(in.readNBytes(FIRST_LINE), StandardCharsets.ISO_8859_1);
            String line = beginning.lines().findFirst().orElse("");
            return line.startsWith("#!") && line.contains("python");
        } catch (IOException e) {
            return false;
        }
    }

    private static String near(Path script) {
        Path parent = script.getParent();
        List<String> names = new ArrayList<>();
        if (parent != null && Files.isDirectory(parent)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "*" + SUFFIX)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            } catch (IOException e) {
                return "";
            }
        }
        return Nearest.hint(script.getFileName().toString(), names);
    }
}
