package io.colla.launcher.doctor;

import io.colla.api.UsageException;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.python.Interpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Python programs need. */
final class PythonChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long LITTLE = 256L << 20;

    /** What only some programs need; mpi4py is for functions on MPI ranks. */
    private static final Set<String> FOR_SOME = Set.of("numpy", "mpi4py");

    /** One line a module: its name and version, or its name and what is wrong. */
    private static final String QUESTION =
            """
            import importlib, platform, sys
            sys.path[:0] = sys.argv[1:]
            print("python", platform.python_version())
            for name in ("colla", "pycompss", "cloudpickle", "numpy", "mpi4py"):
                try:
                    print(name, getattr(importlib.import_module(name), "__version__", "ok"))
                except ModuleNotFoundError as error:
                    print(name, "- is not installed" if error.name == name else "! %s" % error)
                except Exception as error:
                    print(name, "! %s: %s" % (type(error).__name__, error))
            """;

    private final Settings settings;
    private final SettingsLoader loader;

    PythonChecks(Settings settings, SettingsLoader loader) {
        this.settings = settings;
        this.loader = loader;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        String named = settings.get(Options.PYTHON);
        try {
            Interpreter interpreter = Interpreter.find(named, loader.environment());
            checks.addAll(interpreter(interpreter.path()));
        } catch (UsageException e) {
            // Java applications need none; one that was named is meant.
            checks.add(
                    named == null
                            ? Check.warn("no Python for Python programs", capital(e.getMessage()) + ".")
                            : Check.fail("no Python for Python programs", capital(e.getMessage()) + "."));
        }
        checks.add(sharedMemory());
        return checks;
    }

    private static String capital(@Nullable String sentence) {
        String text = String.valueOf(sentence);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private List<Check> interpreter(Path interpreter) {
        List<String> words = new ArrayList<>(List.of(interpreter.toString(), "-c", QUESTION));
        Path home = loader.install();
        if (home != null) {
            words.add(home.resolve("python").toString());
        }
        Commands.Answer answer = Commands.ask(words, PATIENCE);
        if (!answer.succeeded()) {
            return List.of(Check.fail(
                    interpreter + " does not work: " + answer.firstLine(), "Name another Python with --python."));
        }
        List<Check> checks = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (String line : answer.text().lines().toList()) {
            int space = line.indexOf(' ');
            if (space < 0) {
                continue;
            }
            String name = line.substring(0, space);
            String said = line.substring(space + 1);
            if (said.startsWith("- ") && FOR_SOME.contains(name)) {
                continue; // for those who use it
            }
            if (said.startsWith("- ") || said.startsWith("! ")) {
                checks.add(missing(interpreter, name, said));
            } else {
                present.add(said.equals("ok") ? name : name + " " + said);
            }
        }
        checks.add(0, Check.ok(interpreter + " works: " + String.join(", ", present)));
        return checks;
    }

    private static Check missing(Path interpreter, String module, String said) {
        boolean broken = said.startsWith("!");
        String finding =
                interpreter + (broken ? " cannot import " + module + ": " : ": " + module + " ") + said.substring(2);
        if (FOR_SOME.contains(module)) {
            return Check.warn(finding, "Install " + module + " anew for this Python, if your programs use it.");
        }
        return Check.fail(
                finding,
                module.equals("cloudpickle")
                        ? "Install it for this Python: " + interpreter + " -m pip install cloudpickle."
                        : "Install Colla anew: its folder python is not complete.");
    }

    /** Large objects of Python tasks are there. */
    private static Check sharedMemory() {
        if (!Files.isDirectory(SHARED_MEMORY) || !Files.isWritable(SHARED_MEMORY)) {
            return Check.warn(
                    SHARED_MEMORY + " cannot be written: large Python objects go to the scratch folder instead",
                    "Mount a tmpfs there that all users can write, or give the container one (--shm-size).");
        }
        try {
            long free = Files.getFileStore(SHARED_MEMORY).getUsableSpace();
            String finding = SHARED_MEMORY + " can be written, " + Quantities.roughly(free) + " free";
            return free < LITTLE
                    ? Check.warn(
                            finding + ": large Python objects soon go to the scratch folder",
                            "Make it larger; a container gets more with --shm-size.")
                    : Check.ok(finding);
        } catch (IOException e) {
            return Check.warn(SHARED_MEMORY + " cannot be looked at: " + e.getMessage(), "Check how it is mounted.");
        }
    }
}
