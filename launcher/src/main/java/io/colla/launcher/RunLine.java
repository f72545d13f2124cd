package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.python.PythonProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command line of {@code colla run}, read to be run elsewhere and later.
 *
 * @param name of the application
 * @param words all that follows {@code colla run}
 */
record RunLine(String name, List<String> words) {
    /**
     * Looks whether the application is there, so that a mistake shows now and not when the job starts.
     *
     * @param absolute whether paths of the application are made absolute, as the job works in another folder
     * @throws UsageException if it is not
     */
    static RunLine of(ParseResult line, Map<String, String> environment, boolean absolute) {
        List<String> words = line.matchedPositionalValue(0, List.of());
        String classPath = line.matchedOptionValue(RunCommand.CLASS_PATH, (String) null);
        String module = line.matchedOptionValue(RunCommand.MODULE, (String) null);
        if (module == null && words.isEmpty()) {
            throw new UsageException("nothing to run; name a script, a jar or, with -cp, a class: colla submit app.py");
        }
        List<String> all = flags(line, absolute);
        if (module != null) {
            String name = PythonProgram.ofModule(module, words).name();
            all.addAll(List.of(RunCommand.MODULE, module));
            all.addAll(words);
            return new RunLine(name, List.copyOf(all));
        }
        String first = words.get(0);
        List<String> arguments = words.subList(1, words.size());
        String name = nameOf(classPath, first, arguments, environment);
        if (classPath != null) {
            all.addAll(List.of(RunCommand.CLASS_PATH, absolute ? absolute(classPath) : classPath));
        }
        boolean file = classPath == null && (PythonProgram.isScript(first) || first.endsWith(".jar"));
        all.add(file && absolute ? absolute(first) : first);
        all.addAll(arguments);
        return new RunLine(name, List.copyOf(all));
    }

    private static String nameOf(
            @Nullable String classPath, String first, List<String> arguments, Map<String, String> environment) {
        if (classPath == null && PythonProgram.isScript(first)) {
            return PythonProgram.ofScript(first, arguments).name();
        }
        return RunCommand.java(classPath, first, arguments, environment).name();
    }

    private static String absolute(String paths) {
        return Stream.of(paths.split(":"))
                .map(path -> path.isEmpty() ? "." : path)
                .map(path -> Path.of(path).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(":"));
    }

    /** The options of the run, as they were given; those for the batch job are its script's, and the run's if it submits further ones. */
    private static List<String> flags(ParseResult line, boolean absolute) {
        List<String> flags = new ArrayList<>();
        boolean grows = line.hasMatchedOption(Options.MAX_JOBS.flag());
        for (Option<?> option : Options.ALL) {
            // The profile of the site is named by a variable, with its file's whole path.
            boolean ofTheJob = option.group() == Option.Group.BATCH || option == Options.SITE;
            boolean forRun = !ofTheJob || (grows && BatchOptions.OF_FURTHER_JOBS.contains(option));
            OptionSpec given = forRun ? line.matchedOption(option.flag()) : null;
            if (given != null && option.isSwitch()) {
                flags.add(option.flag());
            } else if (given != null && option.mayStandAlone()) {
                given.stringValues().forEach(value -> flags.add(option.flag() + "=" + value));
            } else if (given != null) {
                given.stringValues().forEach(value -> flags.addAll(List.of(option.flag(), value)));
            }
        }
        OptionSpec config = line.matchedOption(SettingsFlags.CONFIG);
        if (config != null) {
            String file = config.stringValues().get(0);
            flags.addAll(List.of(SettingsFlags.CONFIG, absolute ? absolute(file) : file));
        }
        return flags;
    }

    /** @throws UsageException if an option for batch jobs was given where none is submitted */
    static void refuseBatchOptions(ParseResult line) {
        for (Option<?> option : Options.ALL) {
            if (option.group() == Option.Group.BATCH && line.hasMatchedOption(option.flag())) {
                throw new UsageException(
                        option.flag()
                                + " is for batch jobs: use 'colla submit' in place of 'colla run' to run this in a job of its own, or let the run submit jobs with --max-jobs");
            }
        }
    }
}
