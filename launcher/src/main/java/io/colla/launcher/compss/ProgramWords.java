package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.compss.CompssLine.Given;
import io.colla.launcher.python.PythonProgram;
import io.colla.platform.ShellWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds out what the program is, and how {@code colla run} is told of it. */
final class ProgramWords {
    private final CompssCommand command;
    private final Path directory;
    private final List<String> classPath = new ArrayList<>();
    private final List<String> pythonPath = new ArrayList<>();
    private String language = "";
    private String jupyter = "";
    private boolean elsewhere;

    ProgramWords(CompssCommand command, Path directory) {
        this.command = command;
        this.directory = directory;
    }

    /** One of the options that are about the program. */
    void option(Given given) {
        String value = given.value();
        switch (given.name()) {
            case "--lang" -> language(given);
            case "--classpath" -> add(classPath, value);
            case "--pythonpath" -> add(pythonPath, value);
            case "--appdir" -> {
                classPath.add(0, Values.absolute(directory, value));
                pythonPath.add(0, Values.absolute(directory, value));
            }
            case "--jupyter_notebook" -> jupyter = Values.absolute(directory, value.isEmpty() ? "." : value);
            case "--ipython" ->
                throw new UsageException(
                        "--ipython needs a terminal, which a batch job has not; start ipython in 'salloc' or"
                                + " 'qsub -I', where ipycompss.start() uses the job's nodes");
            default ->
                throw new IllegalStateException("the table has an option that nothing translates: " + given.name());
        }
    }

    private void add(List<String> list, String value) {
        for (String path : value.split(":")) {
            if (!path.isEmpty()) {
                list.add(Values.absolute(directory, path));
            }
        }
    }

    private void language(Given given) {
        language = given.value().toLowerCase(Locale.ROOT);
        switch (language) {
            case "java", "python" -> {}
            case "c", "r" ->
                throw new UsageException(
                        given.text() + ": main programs are in Java or Python; programs in other languages can"
                                + " be their tasks (@binary)");
            default -> throw new UsageException(given.text() + ": expected java or python");
        }
    }

    /** The command of a job that runs no program; else empty. The node's own name is known in the job only. */
    List<String> command() {
        String server =
                "exec jupyter notebook --no-browser --ip=\"$(hostname)\" --notebook-dir=" + ShellWords.quote(jupyter);
        return jupyter.isEmpty() ? List.of() : List.of("sh", "-c", server);
    }

    /**
     * @param words the program and its arguments
     * @param given all options
     * @param exports gets the line that sets PYTHONPATH
     * @return the words for {@code colla run}
     */
    List<String> words(List<String> words, List<Given> given, List<String> exports) {
        elsewhere = given.stream().anyMatch(each -> each.name().equals("--job_execution_dir"));
        if (!jupyter.isEmpty()) {
            exportPythonPath(exports);
            return List.of();
        }
        if (words.isEmpty()) {
            throw new UsageException(
                    "nothing to run; name the program behind the options: " + command.word() + " app.py");
        }
        String first = words.get(0);
        boolean python = isPython(first);
        List<String> all = new ArrayList<>();
        if (python) {
            exportPythonPath(exports);
            all.add(path(first));
        } else if (first.endsWith(".jar") && classPath.isEmpty()) {
            all.add(path(first));
        } else {
            all.addAll(classPath.isEmpty() ? List.of() : List.of("-cp", String.join(":", classPath)));
            all.add(first);
        }
        all.addAll(words.subList(1, words.size()));
        return all;
    }

    private boolean isPython(String first) {
        boolean script = PythonProgram.isScript(directory.resolve(first).toString());
        if (script && language.equals("java")) {
            throw new UsageException("--lang=java, but " + first + " is a Python script");
        }
        if (!script && language.equals("python")) {
            throw new UsageException(
                    "--lang=python, but " + first + " is no Python script: name a file that ends in .py");
        }
        return script;
    }

    private void exportPythonPath(List<String> exports) {
        if (!pythonPath.isEmpty()) {
            exports.add(Shell.inFront("PYTHONPATH", String.join(":", pythonPath), ":"));
        }
    }

    /** A job that starts in another folder has to find what is here. */
    private String path(String program) {
        boolean here = elsewhere && Files.exists(directory.resolve(program));
        return here ? Values.absolute(directory, program) : program;
    }
}
