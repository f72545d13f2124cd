package io.colla.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.colla.benchmarks.Row.Contender;
import io.colla.benchmarks.Row.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The engine alone, without processes or threads: what {@code io.colla.sim.EngineBenchmark} of the runtime's tests says, which repeats its work itself and is run once. */
final class EngineRows {
    private static final String MAIN = "io.colla.sim.EngineBenchmark";
    private static final List<String> WORKS = List.of("independent", "1000 chains", "tree reduction");
    private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000);

    private record Answer(Processes.Run run, List<JsonNode> lines) {}

    private final Setup setup;
    private @Nullable Answer known;

    EngineRows(Setup setup) {
        this.setup = setup;
    }

    List<Row> rows() {
        List<Contender> speeds = new ArrayList<>();
        for (String work : WORKS) {
            for (int size : SIZES) {
                String label = String.format(Locale.ROOT, "%s, %,d", work, size);
                speeds.add(new Contender(label, true, () -> value(work, size, "tasksPerSecond")));
            }
        }
        Contender memory = new Contender(
                "two parameters and a result",
                true,
                () -> value("waiting", SIZES.get(SIZES.size() - 1), "bytesPerWaitingTask"));
        return List.of(
                new Row(
                        "engine",
                        "engine alone, 1,000 nodes x 48 cores",
                        Unit.PER_SECOND,
                        Target.of(200_000, 500_000),
                        speeds),
                new Row("memory", "engine memory per waiting task", Unit.BYTES, Target.of(600, 250), List.of(memory)));
    }

    private Observation value(String work, int tasks, String field) throws UnavailableException, InterruptedException {
        Answer answer = known;
        if (answer == null) {
            answer = ask();
            known = answer;
        }
        for (JsonNode line : answer.lines) {
            if (line.path("work").asText().startsWith(work)
                    && line.path("tasks").asInt() == tasks
                    && line.has(field)) {
                return Observation.of(line.get(field).asDouble(), answer.run);
            }
        }
        throw new UnavailableException(MAIN + " says nothing about it");
    }

    private Answer ask() throws UnavailableException, InterruptedException {
        String file = "runtime/target/test-classes/" + MAIN.replace('.', '/') + ".class";
        if (!Files.exists(setup.root().resolve(file))) {
            throw new UnavailableException("there is no " + file);
        }
        Processes.Run run = setup.tests(MAIN);
        List<JsonNode> lines = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        try {
            for (String line : run.output().lines().toList()) {
                lines.add(mapper.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(run, lines);
    }
}
