package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.app.Application;
import io.colla.launcher.app.ClassPath;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.python.Interpreter;
import io.colla.launcher.python.PythonProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla run}: an application on all that this machine or this job has. */
final class RunCommand implements Subcommand {
    static final String CLASS_PATH = "-cp";
    static final String MODULE = "-m";

    private final Backend.Factory factory;

    RunCommand() {
        this(Backends.factory());
    }

    RunCommand(Backend.Factory factory) {
        this.factory = factory;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Runs an application on all that this machine or this job has.")
                .customSynopsis(
                        "colla run [OPTIONS] app.py [ARGS...]",
                        "       colla run [OPTIONS] -m MODULE [ARGS...]",
                        "       colla run [OPTIONS] app.jar [ARGS...]",
                        "       colla run [OPTIONS] -cp CLASSPATH Main [ARGS...]")
                .description("%nWhat follows the script, module, jar or class is the application's.%n"
                        + "Each option can also stand in colla.yaml without its dashes (workers: local:3)"
                        + " or in a variable (COLLA_WORKERS); 'colla config' shows what holds.%n")
                .footer(
                        "%nExamples:",
                        "  colla run app.py input.txt",
                        "  colla run --cores 4 --time-limit 01:00:00 app.py",
                        "  colla run --workers local:3 -cp 'classes:lib/*' my.Main input.txt");
        addApplication(spec);
        return spec;
    }

    /** The options and the words that say what is run. */
    static void addApplication(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(CLASS_PATH, "--cp", "--class-path")
                .paramLabel("CLASSPATH")
                .type(String.class)
                .description("Jars and folders with classes; a class is named then, not a jar.")
                .build());
        spec.addOption(OptionSpec.builder(MODULE)
                .paramLabel("MODULE")
                .type(String.class)
                .description("A Python module to run, as in python3 -m.")
                .build());
        SettingsFlags.addTo(spec);
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("APPLICATION")
                .hidden(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
    }

    @Override
    public String[] words(String[] given, CommandSpec spec) {
        return separateModule(given, spec);
    }

    /** What follows the module is the application's, also where it looks like an option. */
    static String[] separateModule(String[] given, CommandSpec spec) {
        for (int i = 0; i + 1 < given.length && given[i].startsWith("-"); i++) {
            if (given[i].equals(MODULE)) {
                List<String> words = new ArrayList<>(List.of(given));
                words.add(i + 2, "--");
                return words.toArray(String[]::new);
            }
            OptionSpec option = spec.findOption(given[i]);
            if (option != null && option.arity().max() > 0) {
                i++;
            }
        }
        return given;
    }

    @Override
    public int run(ParseResult line, Context context) throws Exception {
        long startNanos = System.nanoTime();
        Settings settings = SettingsFlags.load(line, context.loader());
        if (settings.need(Options.MAX_JOBS) == 0) {
            RunLine.refuseBatchOptions(line);
        }
        Target target = target(line, settings, context);
        try (MainProgram program = target.program()) {
            return Run.of(target.name(), program, settings, context, startNanos).execute(factory);
        }
    }

    private record Target(String name, MainProgram program) {}

    private static Target target(ParseResult line, Settings settings, Context context) {
        List<String> words = line.matchedPositionalValue(0, List.of());
        String classPath = line.matchedOptionValue(CLASS_PATH, (String) null);
        String module = line.matchedOptionValue(MODULE, (String) null);
        if (module != null) {
            if (classPath != null) {
                throw new UsageException(
                        "-cp and -m cannot both be: the one is for a Java class, the other for a Python module");
            }
            return python(PythonProgram.ofModule(module, words), settings, context);
        }
        if (words.isEmpty()) {
            throw new UsageException("nothing to run; name a script, a jar or, with -cp, a class: colla run app.py");
        }
        String first = words.get(0);
        List<String> arguments = words.subList(1, words.size());
        if (classPath == null && PythonProgram.isScript(first)) {
            return python(PythonProgram.ofScript(first, arguments), settings, context);
        }
        Application application =
                java(classPath, first, arguments, context.loader().environment());
        return new Target(application.name(), new JavaMain(application));
    }

    private static Target python(PythonProgram program, Settings settings, Context context) {
        Map<String, String> environment = context.loader().environment();
        Interpreter interpreter = Interpreter.find(settings.get(Options.PYTHON), environment);
        boolean terminal = context.terminal().isTerminal();
        return new Target(
                program.name(),
                new PythonMain(program, interpreter, PythonMain.wishes(settings), terminal, environment));
    }

    static Application java(
            @Nullable String classPath, String target, List<String> arguments, Map<String, String> environment) {
        if (classPath != null) {
            return ClassPath.ofClass(classPath, target, arguments);
        }
        if (target.endsWith(".jar")) {
            return ClassPath.ofJar(Path.of(target), arguments);
        }
        String inherited = environment.getOrDefault("CLASSPATH", "");
        return ClassPath.ofClass(inherited.isEmpty() ? "." : inherited, target, arguments);
    }
}
