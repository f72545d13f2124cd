package io.colla.slurm;

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

/** Programs of a cluster that this machine need not have: shell scripts in a folder that comes first on the PATH; each call leaves its words in a file. */
final class FakePrograms {
    private final Path folder;

    FakePrograms(Path folder) {
        this.folder = folder;
    }

    /** Standard input and arguments are the script's. */
    FakePrograms add(String name, String script) {
        try {
            Path program = folder.resolve(name);
            Files.writeString(
                    program,
                    "#!/bin/sh\n{ printf '%s' " + name
                            + "; for w; do printf '\\037%s' \"$w\"; done; printf '\\036'; } >>" + folder + "/calls\n"
                            + script + "\n");
            if (!program.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + program + " executable");
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints a fixture. */
    FakePrograms printing(String name, String resource) {
        try {
            Path file = Files.writeString(folder.resolve(resource), resource(resource));
            return add(name, "cat " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", folder + ":/usr/bin:/bin");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    /** The words of each call so far, the program first. */
    List<List<String>> calls() {
        try {
            Path calls = folder.resolve("calls");
            String text = Files.exists(calls) ? Files.readString(calls) : "";
            return List.of(text.split("\u001e")).stream()
                    .filter(call -> !call.isEmpty())
                    .map(call -> List.of(call.split("\u001f", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(FakePrograms.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
