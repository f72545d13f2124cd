package io.colla.benchmarks;

import io.colla.benchmarks.Row.Contender;
import io.colla.benchmarks.Row.Target;
import io.colla.benchmarks.Setup.Size;
import io.colla.benchmarks.Setup.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** All rows, in the order of the design's table of speeds. */
final class Catalogue {
    private static final String APP = "io.colla.benchmarks.app.";
    private static final String LOOP = "C posix_spawn loops";
    private static final int PROGRAMS = 2000;
    private static final int LEAVES = 4096;
    private static final int READERS = 8;

    private final Setup setup;

    Catalogue(Setup setup) {
        this.setup = setup;
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(start());
        Size many = new Size(200_000, 4, 5);
        rows.add(perSecond("noop", "no-op Java tasks, independent, one JVM", Target.of(300_000, 1e6), many, true));
        rows.add(perSecond("values", "Java tasks with an int argument and result, one JVM", Target.NONE, many, true));
        Size fewer = new Size(50_000, 4, 5);
        rows.add(perSecond(
                "noop-worker",
                "no-op Java tasks, independent, worker JVMs",
                Target.of(100_000, 300_000),
                fewer,
                false));
        rows.add(
                chain("chain", "chain of Java tasks, one JVM, a task", Target.of(30, 5), new Size(50_000, 4, 5), true));
        rows.add(chain(
                "chain-worker",
                "chain of Java tasks, another JVM, a task",
                Target.of(150, 60),
                new Size(5_000, 3, 3),
                false));
        rows.add(seconds("tree", "tree reduction of 4,096 leaves in Java", new Size(LEAVES, 5, 9)));
        rows.add(seconds("array", "100 MB double[] read by 8 Java tasks", new Size(READERS, 1, 5)));
        rows.add(programs());
        rows.addAll(new PythonRows(setup).rows());
        rows.addAll(new TraceRows(setup).rows());
        rows.addAll(new EngineRows(setup).rows());
        return rows;
    }

    private Starter run(String... options) {
        List<String> all = new ArrayList<>(List.of("--quiet"));
        all.addAll(List.of(options));
        return (main, arguments) -> setup.colla(all, main, arguments);
    }

    private Row start() {
        String one = APP + "OneTask";
        List<Contender> contenders = List.of(
                new Contender("colla run, one task", true, () -> wall(run().start(one, List.of()))),
                new Contender("java -cp with the runtime", false, () -> wall(setup.embedded(one, List.of()))),
                new Contender("java, without tasks", false, () -> wall(setup.plain(APP + "PlainOneTask", List.of()))),
                new Contender("java -version", false, () -> wall(setup.jvmVersion())));
        return new Row(
                "start", "start of a one-task Java program, to its end", Unit.SECONDS, Target.of(0.8, 0.5), contenders);
    }

    private static Observation wall(Processes.Run run) {
        return Observation.of(run.wall(), run);
    }

    private List<Contender> contenders(
            String workload, Size size, DoubleUnaryOperator toValue, boolean oneJvm, String plain) {
        List<Contender> contenders = new ArrayList<>();
        if (oneJvm) {
            contenders.add(colla("colla run", run(), workload, size, toValue));
        } else {
            contenders.add(colla("colla, --workers local:1", run("--workers", "local:1"), workload, size, toValue));
            contenders.add(colla("colla, --workers local:2", run("--workers", "local:2"), workload, size, toValue));
        }
        contenders.add(new Contender(plain, false, () -> setup.rounds(setup::plain, "plain", workload, size, toValue)));
        return contenders;
    }

    private Contender colla(String label, Starter starter, String workload, Size size, DoubleUnaryOperator toValue) {
        return new Contender(label, true, () -> setup.rounds(starter, "colla", workload, size, toValue));
    }

    private Row perSecond(String name, String title, Target target, Size size, boolean oneJvm) {
        String workload = name.startsWith("values") ? "values" : "noop";
        String plain = "ExecutorService, " + setup.threads() + " threads";
        return new Row(
                name,
                title,
                Unit.PER_SECOND,
                target,
                contenders(workload, size, seconds -> size.tasks() / seconds, oneJvm, plain));
    }

    private Row chain(String name, String title, Target target, Size size, boolean oneJvm) {
        return new Row(
                name,
                title,
                Unit.MICROSECONDS,
                target,
                contenders("chain", size, seconds -> seconds / size.tasks() * 1e6, oneJvm, "CompletableFuture"));
    }

    private Row seconds(String name, String title, Size size) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(colla("colla run", run(), name, size, seconds -> seconds));
        contenders.add(colla("colla, --workers local:2", run("--workers", "local:2"), name, size, seconds -> seconds));
        String plain = name.equals("tree") ? "CompletableFuture" : "ExecutorService";
        contenders.add(new Contender(
                plain + ", " + setup.threads() + " threads",
                false,
                () -> setup.rounds(setup::plain, "plain", name, size, seconds -> seconds)));
        return new Row(name, title, Unit.SECONDS, Target.NONE, contenders);
    }

    private Row programs() {
        Size size = new Size(PROGRAMS, 1, 3);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(colla("colla run", run(), "programs", size, seconds -> PROGRAMS / seconds));
        contenders.add(new Contender(LOOP + ", " + setup.threads(), false, this::loops));
        contenders.add(new Contender(
                "xargs -P" + setup.threads(),
                false,
                () -> shell("xargs", "xargs -n 1 -P " + setup.threads() + " /bin/true")));
        contenders.add(new Contender(
                "GNU parallel -j" + setup.threads(),
                false,
                () -> shell("parallel", "parallel -n0 -j " + setup.threads() + " /bin/true")));
        return new Row(
                "programs",
                "/bin/true as a task",
                Unit.PER_SECOND,
                new Target(0.6, 0.9, LOOP + ", " + setup.threads()),
                contenders);
    }

    private Observation loops() throws UnavailableException, InterruptedException {
        Path loop = setup.root().resolve("benchmarks/target/posix_spawn_loop");
        if (!Files.isExecutable(loop)) {
            throw new UnavailableException("it was not built; is there a C compiler?");
        }
        String each = " " + PROGRAMS + " /bin/true & ";
        String all = ("\"$0\"" + each).repeat(setup.threads()) + "wait";
        return perSecond(PROGRAMS * setup.threads(), "/bin/bash", "-c", all, loop.toString());
    }

    private Observation shell(String program, String command) throws UnavailableException, InterruptedException {
        if (!Setup.has(program)) {
            throw new UnavailableException("not installed");
        }
        return perSecond(PROGRAMS, "/bin/bash", "-c", "seq " + PROGRAMS + " | " + command);
    }

    private Observation perSecond(int programs, String... command) throws UnavailableException, InterruptedException {
        Processes.Run run = setup.processes().run(List.of(command), Map.of());
        return Observation.of(programs / run.wall(), run);
    }
}
