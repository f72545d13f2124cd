package io.colla.benchmarks;

import io.colla.benchmarks.Row.Contender;
import io.colla.benchmarks.Row.Target;
import io.colla.benchmarks.Setup.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Tasks of Python programs, beside what else runs Python functions on several cores, where that is installed. All run {@code benchmarks/python/workload.py}, which calls
 * the same functions in the same way.
 */
final class PythonRows {
    private static final int MILLION = 1_000_000;
    /** Label of each contender by the name that workload.py knows, quick ones first. */
    private static final Map<String, String> PEERS = new LinkedHashMap<>();

    static {
        PEERS.put("pool", "ProcessPoolExecutor");
        PEERS.put("loky", "joblib's loky");
        PEERS.put("ray", "Ray");
        PEERS.put("dask", "Dask");
        PEERS.put("parsl", "Parsl");
    }

    private final Setup setup;
    private final Path scripts;

    PythonRows(Setup setup) {
        this.setup = setup;
        scripts = setup.root().resolve("benchmarks/python");
    }

    List<Row> rows() {
        return List.of(
                start(),
                perSecond("python-noop-2k", "no-op Python tasks, independent, 2,000", new Size(2_000, 1, 5), PEERS),
                perSecond(
                        "python-noop",
                        "no-op Python tasks, independent, 20,000",
                        new Size(20_000, 1, 3),
                        without("dask")),
                perSecond("python-noop-200k", "no-op Python tasks, 200,000", new Size(200_000, 0, 1), only("pool")),
                workload(
                        "python-chain",
                        "chain of Python tasks, a task",
                        "chain",
                        Unit.MICROSECONDS,
                        Target.of(300, 80),
                        new Size(1_000, 1, 3),
                        PEERS),
                seconds(
                        "python-tree",
                        "tree reduction of 4,096 leaves, Python",
                        "tree",
                        Target.of(0.8, 0.25),
                        new Size(4_096, 1, 3)),
                seconds(
                        "python-array",
                        "100 MB array read by 8 Python tasks",
                        "array",
                        Target.of(0.3, 0.05),
                        new Size(8, 1, 5)),
                seconds(
                        "python-arrays",
                        "1,000 arrays of 100 kB, a task each",
                        "arrays",
                        Target.NONE,
                        new Size(1_000, 1, 3)),
                matmul(),
                million(),
                memory());
    }

    private static Map<String, String> without(String peer) {
        Map<String, String> others = new LinkedHashMap<>(PEERS);
        others.remove(peer);
        return others;
    }

    private static Map<String, String> only(String peer) {
        return Map.of(peer, PEERS.get(peer));
    }

    private Row start() {
        List<Contender> contenders = new ArrayList<>();
        String script = scripts.resolve("one_task.py").toString();
        contenders.add(new Contender("colla run, one task", true, () -> {
            Processes.Run run = setup.collaPython(List.of(), script, List.of("colla"));
            return Observation.of(run.wall(), run);
        }));
        Map<String, String> others = new LinkedHashMap<>(Map.of("plain", "python3, without tasks"));
        others.putAll(PEERS);
        others.forEach((way, label) -> contenders.add(new Contender(label, false, () -> {
            Processes.Run run = setup.python(script, List.of(way, Integer.toString(setup.threads())));
            return Observation.of(run.wall(), run);
        })));
        return new Row(
                "python-start",
                "start of a one-task Python program, to its end",
                Unit.SECONDS,
                Target.of(1.2, 0.5),
                contenders);
    }

    private Row perSecond(String name, String title, Size size, Map<String, String> peers) {
        return workload(name, title, "noop", Unit.PER_SECOND, Target.of(20_000, 100_000), size, peers);
    }

    private Row seconds(String name, String title, String workload, Target target, Size size) {
        return workload(name, title, workload, Unit.SECONDS, target, size, PEERS);
    }

    private Row matmul() {
        Size size = new Size(4, 1, 3);
        Row row = seconds("python-matmul", "matrix product, 4 x 4 blocks of 512", "matmul", Target.NONE, size);
        List<Contender> contenders = new ArrayList<>(row.contenders());
        contenders.add(peer("plain", "numpy, one core", "matmul", size, seconds -> seconds));
        return new Row(row.name(), row.title(), row.unit(), row.target(), contenders);
    }

    private Row workload(
            String name,
            String title,
            String workload,
            Unit unit,
            Target target,
            Size size,
            Map<String, String> peers) {
        DoubleUnaryOperator toValue =
                switch (unit) {
                    case PER_SECOND -> seconds -> size.tasks() / seconds;
                    case MICROSECONDS -> seconds -> seconds / size.tasks() * 1e6;
                    case SECONDS, BYTES -> seconds -> seconds;
                };
        List<Contender> contenders = new ArrayList<>();
        contenders.add(colla("colla run", workload, size, toValue));
        contenders.add(colla("colla, --workers local:2", workload, size, toValue, "--workers", "local:2"));
        peers.forEach((way, label) -> contenders.add(peer(way, label, workload, size, toValue)));
        return new Row(name, title, unit, target, contenders);
    }

    private Contender colla(String label, String workload, Size size, DoubleUnaryOperator toValue, String... options) {
        return new Contender(
                label,
                true,
                () -> setup.rounds(
                        (script, arguments) -> setup.collaPython(List.of(options), script, arguments),
                        script(),
                        "colla",
                        workload,
                        size,
                        toValue));
    }

    private Contender peer(String way, String label, String workload, Size size, DoubleUnaryOperator toValue) {
        return new Contender(label, false, () -> setup.rounds(setup::python, script(), way, workload, size, toValue));
    }

    private String script() {
        return scripts.resolve("workload.py").toString();
    }

    private Row million() {
        Size size = new Size(MILLION, 0, 1);
        return new Row(
                "python-million",
                "1,000,000 no-op Python tasks, one program",
                Unit.PER_SECOND,
                Target.of(20_000, 100_000),
                List.of(colla("colla run", "forgotten", size, seconds -> MILLION / seconds)));
    }

    private Row memory() {
        return new Row(
                "python-memory",
                "most memory with 1,000,000 Python tasks",
                Unit.BYTES,
                Target.NONE,
                List.of(
                        new Contender("the program", true, () -> peak(1)),
                        new Contender("the master", true, () -> peak(2))));
    }

    /** The last line of a run of a million tasks: {@code memory PROGRAM MASTER}, in bytes. */
    private Observation peak(int column) throws UnavailableException, InterruptedException {
        Path file = setup.processes().folder().resolve("seconds");
        Processes.Run run = setup.collaPython(
                List.of(),
                script(),
                List.of("colla", "forgotten", Integer.toString(MILLION), "1", file.toString(), "1"));
        try {
            List<String> lines = Files.readAllLines(file);
            return Observation.of(Double.parseDouble(lines.get(lines.size() - 1).split(" ")[column]), run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
