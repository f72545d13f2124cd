package io.colla.pbs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Programs that answer as PBS's do: shell scripts in a folder that comes first on the PATH. Each call leaves its words in a file. */
final class Programs {
    private final Path folder;

    Programs(Path folder) {
        this.folder = folder;
    }

    Programs add(String name, String script) {
        try {
            Path program = folder.resolve(name);
            Files.writeString(program, "#!/bin/sh\necho \"" + name + " $*\" >>" + folder + "/calls\n" + script + "\n");
            if (!program.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + program + " executable");
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A qstat that prints a text, if asked as it is expected to. */
    Programs qstat(String expected, String text) {
        return add(
                "qstat",
                "[ \"$*\" = '" + expected + "' ] || { echo 'qstat: bad usage' >&2; exit 2; }\ncat <<'THE_END'\n" + text
                        + "\nTHE_END");
    }

    /** Torque's: without JSON. */
    Programs torque(String job, String text) {
        return add(
                "qstat",
                "case \"$*\" in --version) echo 'Version: 6.1.2'; echo 'Commit: 661e092';; '-f " + job
                        + "') cat <<'THE_END'\n" + text
                        + "\nTHE_END\n;; *) echo \"qstat: invalid option -- 'F'\" >&2; exit 2;; esac");
    }

    Path nodeFile(String words) {
        try {
            return Files.writeString(folder.resolve("nodes"), String.join("\n", words.split(" ")) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", folder + ":/usr/bin:/bin"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    List<String> calls() {
        try {
            Path calls = folder.resolve("calls");
            return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Programs.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
