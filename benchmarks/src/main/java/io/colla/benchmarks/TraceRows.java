package io.colla.benchmarks;

import io.colla.benchmarks.Row.Contender;
import io.colla.benchmarks.Row.Target;
import io.colla.benchmarks.Setup.Size;
import io.colla.benchmarks.Setup.Starter;
import java.util.ArrayList;
import java.util.List;

/** The same work with and without a trace, in turns. */
final class TraceRows {
    private static final String UNTRACED = "colla run";
    private static final String JAVA = "io.colla.benchmarks.app.WorkloadMain";
    /** At most 3 % less, and 1 % is aimed at; for tasks of a millisecond. */
    private static final Target TARGET = new Target(0.97, 0.99, UNTRACED);

    private final Setup setup;

    TraceRows(Setup setup) {
        this.setup = setup;
    }

    List<Row> rows() {
        Size milliseconds = new Size(1_000, 1, 5);
        return List.of(
                row("trace-java", "Java tasks of 1 ms, with and without a trace", "millisecond", milliseconds, false),
                row(
                        "trace-python",
                        "Python tasks of 1 ms, with and without a trace",
                        "millisecond",
                        milliseconds,
                        true),
                row("trace-java-noop", "no-op Java tasks, one JVM", "noop", new Size(200_000, 4, 5), false),
                row("trace-python-noop", "no-op Python tasks", "noop", new Size(20_000, 1, 3), true));
    }

    private Row row(String name, String title, String workload, Size size, boolean python) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(contender(UNTRACED, List.of(), workload, size, python));
        for (String level : List.of("basic", "full")) {
            contenders.add(contender("with --trace=" + level, List.of("--trace=" + level), workload, size, python));
        }
        return new Row(name, title, Unit.PER_SECOND, workload.equals("noop") ? Target.NONE : TARGET, contenders);
    }

    private Contender contender(String label, List<String> options, String workload, Size size, boolean python) {
        List<String> all = new ArrayList<>(options);
        if (!python) {
            all.add(0, "--quiet"); // the others have it already
        }
        Starter starter = python
                ? (main, arguments) -> setup.collaPython(all, main, arguments)
                : (main, arguments) -> setup.colla(all, main, arguments);
        String main =
                python ? setup.root().resolve("benchmarks/python/workload.py").toString() : JAVA;
        return new Contender(
                label,
                !label.equals(UNTRACED),
                () -> setup.rounds(starter, main, "colla", workload, size, seconds -> size.tasks() / seconds));
    }
}
