package io.colla.tracing.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a report says in words: each rule looks for one thing that costs time, and says nothing where the figures do not show it. They only advise what the person can do to the program or to
 * the request for nodes.
 */
final class Rules {
    /** A task that lasts less than so many times what it costs is too short. */
    private static final double SHORT = 10;
    /** So many times is long enough: the runtime then takes 2 % of the time. */
    private static final double LONG_ENOUGH = 50;
    /** What takes less of the cores' time is not worth a word. */
    private static final double WORTH_A_WORD = 0.08;
    /** A run whose tasks are over in less is one to try things out. */
    private static final long SHORT_RUN = 2_000_000_000L;

    private final TraceReport report;
    private final double all;
    private final List<Advice> found = new ArrayList<>();

    private Rules(TraceReport report) {
        this.report = report;
        this.all = Math.max(1, report.coreTime().total());
    }

    /** The advice, what there is most to win by first. */
    static List<Advice> of(TraceReport report) {
        Rules rules = new Rules(report);
        if (report.tasks() > 0) {
            rules.failures();
            rules.shortTasks();
            rules.fewTasks();
            rules.path();
            rules.mainProgram();
            rules.submission();
            rules.tail();
            rules.slowNodes();
            rules.imbalance();
            rules.stragglers();
            rules.transfers();
            rules.readyButIdle();
            rules.startAndEnd();
            rules.nothingReady();
            rules.cores();
            rules.memory();
        }
        rules.found.sort(Comparator.comparingDouble(Advice::weight).reversed());
        return List.copyOf(rules.found);
    }

    private void say(String kind, double weight, String what, String todo) {
        found.add(new Advice(kind, Math.min(1, weight), what, todo));
    }

    private static String words(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private double part(double coreTime) {
        return coreTime / all;
    }

    /** The tasks' time is known to be lost, so this comes first whatever its weight. */
    private void failures() {
        if (report.failed() == 0) {
            return;
        }
        List<TraceReport.Function> failing = report.functions().stream()
                .filter(function -> function.failed() > 0)
                .sorted(Comparator.comparingLong(TraceReport.Function::failed).reversed())
                .toList();
        List<String> named = failing.stream()
                .limit(3)
                .map(function -> words(
                        "%s of %s of `%s`",
                        Format.count(function.failed()), Format.count(function.count()), function.name()))
                .toList();
        double lost = failing.stream()
                .mapToDouble(function -> function.mean() * function.failed())
                .sum();
        say(
                "failures",
                1,
                words(
                        "%s failed: %s; about %s of tasks was for nothing.",
                        Format.plural(report.failed(), "task"), String.join(", ", named), Format.time(lost)),
                "The run's messages and its log say why; look there first.");
    }

    private void shortTasks() {
        for (TraceReport.Function function : report.functions()) {
            double cost = function.cost()
                    + (report.ready() == null ? 0 : report.overhead().gapMedian());
            boolean counts = function.count() >= 4L * report.slots() && function.count() >= 20;
            double lost = part(cost * function.count());
            if (!counts || cost <= 0 || function.mean() >= SHORT * cost || lost < 0.02) {
                continue;
            }
            // No larger than leaves each core some.
            double most = function.count() / (2.0 * report.slots());
            double larger = Math.min(most, Math.max(2, Math.ceil(LONG_ENOUGH * cost / Math.max(1, function.mean()))));
            say(
                    "short-tasks",
                    lost,
                    words(
                            "Tasks of `%s` last %s; the runtime costs %s each.",
                            function.name(), Format.time(function.mean()), Format.time(cost)),
                    words(
                            "Make them about %s times larger: let one task do the work of %s.",
                            Format.count(round(larger)), Format.count(round(larger))));
        }
    }

    /** To one digit, or two below 20. */
    private static long round(double number) {
        if (number < 20) {
            return Math.round(number);
        }
        double power = Math.pow(10, Math.floor(Math.log10(number)));
        return Math.round(Math.ceil(number / power) * power);
    }

    private double idleBetween() {
        return part(report.coreTime().idle());
    }

    private void fewTasks() {
        double perCore = (double) coresOfTasks() / report.slots();
        if (perCore >= 3 || idleBetween() < WORTH_A_WORD || pathLimits()) {
            return;
        }
        String few = perCore < 1
                ? words(
                        "There are fewer tasks (%s) than cores (%s)",
                        Format.count(report.tasks()), Format.count(report.slots()))
                : words("There are only %.1f tasks for each of the %s cores", perCore, Format.count(report.slots()));
        say(
                "few-tasks",
                idleBetween(),
                words(
                        "%s: cores were idle %s of the time between the first task and the last.",
                        few, Format.percent(idleBetween())),
                "Split the work into more tasks, 4 or more for each core, or ask for fewer nodes.");
    }

    /** Tasks, with as many cores as each has. */
    private long coresOfTasks() {
        double cores = 0;
        for (TraceReport.Function function : report.functions()) {
            cores += function.total() == 0
                    ? function.count()
                    : function.count() * ((double) function.coreTime() / function.total());
        }
        return Math.round(cores);
    }

    private long working() {
        double idleAround =
                (report.coreTime().start() + report.coreTime().end()) / (double) Math.max(1, report.slots());
        return Math.max(1, report.elapsed() - Math.round(idleAround));
    }

    private boolean pathLimits() {
        TraceReport.CriticalPath path = report.path();
        return path != null
                && path.length() >= 0.7 * working()
                && path.parallelism() < 0.9 * report.slots()
                && idleBetween() >= WORTH_A_WORD;
    }

    private void path() {
        TraceReport.CriticalPath path = report.path();
        if (path == null || !pathLimits() || path.tasks() < 2) {
            return;
        }
        TraceReport.PathPart most = path.functions().get(0);
        say(
                "critical-path",
                idleBetween(),
                words(
                        "A chain of %s that need each other takes %s of the %s from the first task to the last; it could keep only %s cores busy.",
                        Format.plural(path.tasks(), "task"),
                        Format.time(path.length()),
                        Format.time(working()),
                        Format.number(path.parallelism())),
                words(
                        "More nodes will not help. Shorten the chain: `%s` is %s of it (%s).",
                        most.function(),
                        Format.percent(most.time() / (double) path.length()),
                        Format.plural(most.tasks(), "task")));
    }

    private void mainProgram() {
        double idle = part(report.coreTime().idleMain());
        if (report.mainThread() == null || idle < WORTH_A_WORD) {
            return;
        }
        say(
                "main-program",
                idle,
                words(
                        "Cores had nothing to do for %s of their time while the main program ran code of its own (it waited for tasks %s of the time).",
                        Format.percent(idle),
                        Format.percent(report.mainThread().waiting() / (double) report.elapsed())),
                "Make that code tasks too, or call the next tasks before it; wait for results as late as you can.");
    }

    private void submission() {
        double idle = part(report.coreTime().idleSubmitting());
        TraceReport.MainThread main = report.mainThread();
        if (main == null || idle < WORTH_A_WORD) {
            return;
        }
        say(
                "submission",
                idle,
                words(
                        "Cores were idle %s of their time while the main program called tasks: a call takes %s.",
                        Format.percent(idle), Format.time(main.submitting() / (double) Math.max(1, report.tasks()))),
                "Give tasks more work each, pass large arguments as files or results of tasks, or call tasks from tasks.");
    }

    private void tail() {
        TraceReport.Tail tail = report.tail();
        double idle = part(tail.idle());
        if (tail.since() < 0 || tail.last().isEmpty() || idle < WORTH_A_WORD || pathLimits()) {
            return;
        }
        TraceReport.TaskRef last = tail.last().get(0);
        long length = tail.length();
        // One that began long after is not what the others waited for.
        if (length <= 0 || last.begin() > tail.since() + length / 4) {
            return;
        }
        say(
                "tail",
                idle,
                words(
                        "For the last %s not all cores had a task (%s of all cores' time): task %d of `%s` on %s ran until the end, %s long.",
                        Format.time(length),
                        Format.percent(idle),
                        last.id(),
                        last.function(),
                        last.node(),
                        Format.time(last.duration())),
                words("Call the long tasks of `%s` first or give them a priority, or split them.", last.function()));
    }

    private void slowNodes() {
        for (TraceReport.Node node : report.nodes()) {
            if (node.compared() < 20 || node.pace() < 1.25) {
                continue;
            }
            say(
                    "slow-node",
                    part(node.taskTime() * (1 - 1 / node.pace())),
                    words(
                            "On %s tasks last %.2f times as long as the same functions' elsewhere (%s compared).",
                            node.name(), node.pace(), Format.plural(node.compared(), "task")),
                    "See what else runs there, or leave the node out; if its tasks read files, see where these are.");
        }
    }

    private void imbalance() {
        if (report.nodes().size() < 2 || report.efficiency().loadBalance() > 0.8 || idleBetween() < WORTH_A_WORD) {
            return;
        }
        Comparator<TraceReport.Node> byLoad =
                Comparator.comparingDouble(node -> node.taskTime() / (double) Math.max(1, node.slots()));
        TraceReport.Node most = report.nodes().stream().max(byLoad).orElseThrow();
        TraceReport.Node least = report.nodes().stream().min(byLoad).orElseThrow();
        double high = most.taskTime() / (double) most.slots();
        double low = least.taskTime() / (double) least.slots();
        // Nodes that had equal work are not to blame: what is left is too few or too different tasks.
        if (high < 1.5 * low || coresOfTasks() < 2L * report.slots()) {
            return;
        }
        say(
                "imbalance",
                part(report.nodes().stream()
                        .mapToDouble(node -> (high - node.taskTime() / (double) node.slots()) * node.slots())
                        .sum()),
                words(
                        "The cores of %s were in tasks for %s on average, those of %s for %s.",
                        most.name(), Format.time(high), least.name(), Format.time(low)),
                words(
                        "See whether tasks are tied to %s by where their data are or by what they ask for, and whether %s joined late.",
                        most.name(), least.name()));
    }

    private void stragglers() {
        for (TraceReport.Function function : report.functions()) {
            if (function.count() < 20
                    || function.max() < 3.0 * function.p95()
                    || function.max() < 0.05 * report.elapsed()) {
                continue;
            }
            TraceReport.TaskRef longest = function.longest().get(0);
            say(
                    "stragglers",
                    part(function.max() - function.mean()),
                    words(
                            "Task %d of `%s` on %s took %s, while 95 %% of that function's take %s or less.",
                            longest.id(),
                            function.name(),
                            longest.node(),
                            Format.time(function.max()),
                            Format.time(function.p95())),
                    "See what is special about its input or its node; tasks that are known to be long are best called first.");
        }
    }

    private void transfers() {
        long bytes = report.transfers().stream()
                .mapToLong(TraceReport.Transfer::bytes)
                .sum();
        double time = report.transfers().stream()
                .mapToLong(TraceReport.Transfer::time)
                .sum();
        if (bytes == 0) {
            return;
        }
        TraceReport.Function waiting = report.functions().stream()
                .max(Comparator.comparingDouble(function -> function.before() * function.count()))
                .orElseThrow();
        // What tasks wait for before they begin is their data only as far as data were on their way.
        double before = part(Math.min(time, waiting.before() * waiting.count() * waiting.cores()));
        double lost = part(report.coreTime().idleTransfers()) + before;
        if (lost < WORTH_A_WORD) {
            return;
        }
        String who = before < 0.02
                ? ""
                : words("; a task of `%s` waits %s before it begins", waiting.name(), Format.time(waiting.before()));
        TraceReport.Datum most = report.data().get(0);
        String which = most.bytes() * 5 < bytes
                ? ""
                : words(
                        " Most was content %d: %s in %s.",
                        most.number(), Format.bytes(most.bytes()), Format.plural(most.count(), "transfer"));
        say(
                "transfers",
                lost,
                words(
                        "Moving %s between nodes kept cores waiting %s of their time%s.%s",
                        Format.bytes(bytes), Format.percent(lost), who, which),
                "Let tasks that use the same data follow each other, return less, or leave large data in files that all nodes see.");
    }

    /** What is left when no other rule says why cores were idle. */
    private void nothingReady() {
        double idle = part(report.coreTime().idleNothing());
        boolean said = found.stream()
                .anyMatch(
                        advice -> List.of("few-tasks", "critical-path", "tail").contains(advice.kind())
                                && advice.weight() > idle / 2);
        if (idle < WORTH_A_WORD || said) {
            return;
        }
        if (report.mainThread() == null) {
            say(
                    "nothing-ready",
                    idle,
                    words(
                            "Cores had no task for %s of their time between the first task and the last.",
                            Format.percent(idle)),
                    "The main program did something else, or tasks waited for others; the trace does not tell which.");
            return;
        }
        say(
                "nothing-ready",
                idle,
                words(
                        "Cores had no task for %s of their time, while the main program waited: the tasks that it had called needed others' results.",
                        Format.percent(idle)),
                "Wait less often, and for single results instead of all: tasks that need nothing of these can then run meanwhile.");
    }

    private void readyButIdle() {
        double idle = part(report.coreTime().idleReady());
        boolean tooShort = found.stream().anyMatch(advice -> advice.kind().equals("short-tasks"));
        if (report.ready() == null || idle < WORTH_A_WORD || tooShort) {
            return;
        }
        List<TraceReport.Function> demanding = report.functions().stream()
                .filter(function -> function.cores() > 1 || function.memory() > 0)
                .limit(3)
                .toList();
        if (demanding.isEmpty()) {
            TraceReport.Overhead overhead = report.overhead();
            boolean fewLongGaps = overhead.gapMedian() * (double) overhead.gaps()
                    < 0.3 * report.coreTime().idleReady();
            String what = words("Cores were idle %s of their time although tasks were ready", Format.percent(idle));
            if (fewLongGaps) {
                say(
                        "dispatch",
                        idle,
                        what
                                + words(
                                        ", most of that in a few long gaps: the median gap is %s.",
                                        Format.time(overhead.gapMedian())),
                        "The timeline (--html) shows when: workers or Python processes started then, or tasks could run on certain nodes only.");
                return;
            }
            say(
                    "dispatch",
                    idle,
                    what
                            + words(
                                    ": %s a second ended on %s.",
                                    Format.plural(Math.round(report.tasks() * 1e9 / working()), "task"),
                                    Format.plural(report.slots(), "core")),
                    "If tasks ask for certain nodes, let more nodes have what they ask for; else give each task more work.");
            return;
        }
        List<String> asking = demanding.stream()
                .map(function -> "`" + function.name() + "` (" + wants(function) + ")")
                .toList();
        say(
                "constraints",
                idle,
                words(
                        "Cores were idle %s of their time although tasks were ready: these ask for more than was free: %s.",
                        Format.percent(idle), String.join(", ", asking)),
                "Ask for no more cores and memory than they use, or for numbers that fill a node.");
    }

    private static String wants(TraceReport.Function function) {
        String cores = Format.plural(function.cores(), "core");
        return function.memory() > 0 ? cores + ", " + Format.count(function.memory()) + " MiB" : cores;
    }

    private void startAndEnd() {
        double start = part(report.coreTime().start());
        double end = part(report.coreTime().end());
        if (start + end < 0.2) {
            return;
        }
        long before = Math.round(start * report.elapsed());
        long after = Math.round(end * report.elapsed());
        String what = words(
                "Of %s, %s passed before the first task and %s after the last.",
                Format.time(report.elapsed()), Format.time(before), Format.time(after));
        say(
                "start-and-end",
                start + end,
                what,
                working() < SHORT_RUN
                        ? "The run is short: its start is what it takes. Judge by a longer one."
                        : "See what the main program does there: reading input, imports, writing results may be tasks too.");
    }

    private void cores() {
        TraceReport.Use use = report.use();
        if (use == null || use.coresHeld() < 1 || use.coresUsed() > 0.6 * use.coresHeld()) {
            return;
        }
        Optional<TraceReport.Function> wide = report.functions().stream()
                .filter(function -> function.cores() > 1)
                .findFirst();
        double unused = part((use.coresHeld() - use.coresUsed())
                / use.coresHeld()
                * report.coreTime().tasks());
        if (unused < WORTH_A_WORD) {
            return;
        }
        say(
                "unused-cores",
                unused,
                words(
                        "Tasks held %s cores on average and kept %s busy.",
                        Format.number(use.coresHeld()), Format.number(use.coresUsed())),
                wide.map(function -> words(
                                "See whether `%s` uses its %d cores, and ask for fewer.",
                                function.name(), function.cores()))
                        .orElse("See what they wait for: disks, the network, another program."));
    }

    private void memory() {
        TraceReport.Use use = report.use();
        if (use == null
                || use.memoryUsed() == 0
                || use.memoryHeld() < 2 * use.memoryUsed()
                || part(report.coreTime().idleReady()) < WORTH_A_WORD) {
            return;
        }
        report.functions().stream()
                .max(Comparator.comparingLong(TraceReport.Function::memory))
                .filter(function -> function.memory() > 0)
                .ifPresent(function -> say(
                        "unused-memory",
                        part(report.coreTime().idleReady()),
                        words(
                                "Tasks had asked for %s MiB of a node, of which never more than %s MiB were in use, and tasks waited for memory.",
                                Format.count(use.memoryHeld()), Format.count(use.memoryUsed())),
                        words(
                                "Ask for less than %s MiB for `%s`: more of them then fit on a node.",
                                Format.count(function.memory()), function.name())));
    }
}
