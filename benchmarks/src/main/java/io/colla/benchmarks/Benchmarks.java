package io.colla.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The command behind {@code benchmarks/run}. Contenders of a row take turns, so that a disturbance of the machine meets all of them. */
public final class Benchmarks {
    private static final String USAGE = "usage: benchmarks/run [--repetitions N] [--list] [NAME...]";

    private int repetitions = 5;
    private boolean list;
    private final Set<String> wanted = new TreeSet<>();

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        Benchmarks benchmarks = new Benchmarks();
        try {
            benchmarks.parse(args);
            System.exit(benchmarks.run());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private void parse(String[] args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--repetitions" -> repetitions = count(args, ++i);
                case "--list" -> list = true;
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new IllegalArgumentException(args[i] + " is no option; " + USAGE);
                    }
                    wanted.add(args[i]);
                }
            }
        }
    }

    private static int count(String[] args, int index) {
        String text = index < args.length ? args[index] : "";
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(
                    "--repetitions needs a number from 1 to 9999, not '" + text + "'; " + USAGE);
        }
        return Integer.parseInt(text);
    }

    private int run() throws IOException, InterruptedException {
        Path root =
                Path.of(System.getProperty("colla.root", ".")).toAbsolutePath().normalize();
        Path folder = Files.createTempDirectory("colla-benchmarks-");
        try {
            Setup setup = new Setup(root, Runtime.getRuntime().availableProcessors(), new Processes(folder));
            List<Row> rows = chosen(new Catalogue(setup).rows());
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            if (list) {
                rows.forEach(row -> out.printf("%-14s %s%n", row.name(), row.title()));
                return 0;
            }
            Instant begun = Instant.now();
            Machine machine = Machine.here(System.getProperty("colla.commit", "unknown"));
            Report report = new Report(out);
            report.begin(machine, repetitions);
            for (Row row : rows) {
                report.add(row, measure(row));
            }
            report.end();
            String name = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss")
                    .withZone(ZoneId.systemDefault())
                    .format(begun);
            report.write(root.resolve("benchmarks/results/" + name + ".json"), machine, begun, repetitions);
            return 0;
        } finally {
            delete(folder);
        }
    }

    private List<Row> chosen(List<Row> all) {
        if (wanted.isEmpty()) {
            return all;
        }
        List<Row> rows = all.stream().filter(row -> wanted.remove(row.name())).toList();
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no row called " + String.join(", ", wanted) + "; --list shows them");
        }
        return rows;
    }

    private List<Summary> measure(Row row) throws InterruptedException {
        int count = row.contenders().size();
        List<List<Observation>> observations = new ArrayList<>();
        String[] problems = new String[count];
        for (int i = 0; i < count; i++) {
            observations.add(new ArrayList<>());
        }
        for (int repetition = 0; repetition < repetitions; repetition++) {
            for (int i = 0; i < count; i++) {
                if (problems[i] != null) {
                    continue;
                }
                try {
                    observations.get(i).add(row.contenders().get(i).sample().take());
                } catch (UnavailableException e) {
                    problems[i] = e.getMessage();
                }
            }
        }
        List<Summary> summaries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Row.Contender contender = row.contenders().get(i);
            String problem = problems[i];
            summaries.add(
                    problem == null ? Summary.of(contender, observations.get(i)) : Summary.none(contender, problem));
        }
        return summaries;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
