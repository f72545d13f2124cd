package io.colla.systemtest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The distribution under test, and the classes of the test applications. */
final class Home {
    static final Path FOLDER = find();
    static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();
    static final Path EXAMPLES = FOLDER.resolve("examples/colla-examples.jar");

    private Home() {}

    private static Path find() {
        String named = System.getenv("COLLA_HOME");
        Path home =
                named == null ? Path.of("..", "dist", "colla").toAbsolutePath().normalize() : Path.of(named);
        if (!Files.isExecutable(home.resolve("bin/colla"))) {
            throw new IllegalStateException(
                    "no colla command in " + home + ": build it (mvn package -pl launcher -am) or set COLLA_HOME");
        }
        return home;
    }

    static String command() {
        return FOLDER.resolve("bin/colla").toString();
    }

    /** {@code colla run OPTIONS -cp CLASSES io.colla.systemtest.apps.NAME ARGUMENTS}. */
    static List<String> run(List<String> options, Path classes, String application, Object... arguments) {
        List<String> words = new ArrayList<>(List.of(command(), "run"));
        words.addAll(options);
        words.addAll(List.of("-cp", classes.toString(), "io.colla.systemtest.apps." + application));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return words;
    }

    /** {@code colla run OPTIONS WORDS}. */
    static List<String> python(List<String> options, Object... words) {
        List<String> all = new ArrayList<>(List.of(command(), "run"));
        all.addAll(options);
        for (Object word : words) {
            all.add(word.toString());
        }
        return all;
    }

    static List<String> example(List<String> options, String... arguments) {
        List<String> words = new ArrayList<>(List.of(command(), "run"));
        words.addAll(options);
        words.add(EXAMPLES.toString());
        words.addAll(List.of(arguments));
        return words;
    }
}
