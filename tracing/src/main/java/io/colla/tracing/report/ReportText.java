package io.colla.tracing.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as text for a screen of 80 columns. */
public final class ReportText {
    private static final int WIDTH = 80;
    private static final int BAR = 40;
    private static final int LABEL = 22;
    private static final int MOST_BARS = 8;
    private static final int FUNCTIONS = 8;
    private static final int PAIRS = 4;
    private static final int ADVICE = 5;

    private final TraceReport report;
    private final boolean whole;
    private final StringBuilder out = new StringBuilder();

    private ReportText(TraceReport report, boolean whole) {
        this.report = report;
        this.whole = whole;
    }

    /** @param whole with all functions, pairs of nodes and pieces of advice, which may be more than a screen has */
    public static String of(TraceReport report, boolean whole) {
        ReportText text = new ReportText(report, whole);
        text.head();
        if (report.tasks() > 0) {
            text.efficiency();
            text.coreTime();
            text.concurrency();
            text.figures();
            text.transfers();
            text.functions();
        }
        text.advice();
        report.notes().forEach(note -> text.wrapped("", note));
        return text.out.toString();
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private void wrapped(String begin, String text) {
        wrap(begin, text, out);
    }

    /** A paragraph whose further lines begin as far in as its first. */
    static void wrap(String begin, String text, StringBuilder out) {
        String indent = " ".repeat(begin.length());
        StringBuilder line = new StringBuilder(begin);
        boolean empty = true;
        for (String word : text.split(" +")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                out.append(line).append('\n');
                line.setLength(0);
                line.append(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        out.append(line).append('\n');
    }

    private void figure(String name, String text) {
        wrapped(pad(name, LABEL), text);
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
    }

    static String cut(String text, int width) {
        return text.length() <= width ? text : "…" + text.substring(text.length() - width + 1);
    }

    private void head() {
        String failed = report.failed() > 0 ? " (" + Format.count(report.failed()) + " failed)" : "";
        wrapped(
                report.name() + ": ",
                Format.plural(report.tasks(), "task") + failed + " on "
                        + Format.plural(report.slots(), "core") + " of "
                        + Format.plural(report.nodes().size(), "node") + " in "
                        + Format.time(report.elapsed()));
        if (report.tasks() == 0) {
            wrapped("", "No task ran.");
        }
    }

    private void efficiency() {
        TraceReport.Efficiency efficiency = report.efficiency();
        out.append('\n');
        ratio("Parallel efficiency", efficiency.parallel(), "of the cores' time was in tasks; it is");
        ratio("  load balance", efficiency.loadBalance(), "the mean core's work by the busiest core's, times");
        ratio("  communication", efficiency.communication(), "of the time the busiest core was in tasks");
    }

    private void ratio(String name, double value, String meaning) {
        line("%s%6s  %s", pad(name, LABEL), Format.percent(value), meaning);
    }

    private void coreTime() {
        CoreTime time = report.coreTime();
        line("");
        line("Time of all cores (%s)", Format.time(time.total()));
        time.parts().forEach(this::share);
    }

    private void share(String name, long time) {
        double part = time / (double) Math.max(1, report.coreTime().total());
        if (part >= 0.0005) {
            bar(name, part);
        }
    }

    private void bar(String name, double part) {
        line("  %s%6s  %s", pad(name, LABEL - 2), Format.percent(part), bar(part));
    }

    private static String bar(double part) {
        int eighths = (int) Math.round(part * BAR * 8);
        String whole = "█".repeat(eighths / 8);
        return eighths % 8 == 0 ? whole : whole + (char) ('█' + 8 - eighths % 8);
    }

    private void concurrency() {
        TraceReport.Concurrency concurrency = report.concurrency();
        line("");
        line(
                "Cores in tasks        mean %s, peak %s; fewer than %s for %s of the time",
                Format.number(concurrency.mean()),
                Format.count(concurrency.peak()),
                Format.count(report.slots()),
                Format.percent(concurrency.nanosBelow() / (double) report.elapsed()));
        List<Long> nanos = concurrency.nanosByCores();
        int most = nanos.size() - 1;
        int step = Math.max(1, (most + MOST_BARS - 2) / (MOST_BARS - 1));
        histogram(0, 0);
        for (int from = 1; from <= most; from += step) {
            histogram(from, Math.min(most, from + step - 1));
        }
    }

    private void histogram(int from, int to) {
        long time = report.concurrency().nanosByCores().stream()
                .skip(from)
                .limit(to - from + 1L)
                .mapToLong(Long::longValue)
                .sum();
        double part = time / (double) report.elapsed();
        bar(from == to ? Integer.toString(from) : from + " to " + to, part);
    }

    private void figures() {
        line("");
        TraceReport.Ready ready = report.ready();
        if (ready != null) {
            figure("Ready tasks", "mean " + Format.number(ready.mean()) + ", peak " + Format.count(ready.peak()));
        }
        TraceReport.Overhead overhead = report.overhead();
        if (overhead.before() + overhead.after() > 0) {
            figure(
                    "Overhead per task",
                    "mean " + Format.time(overhead.before() + overhead.after()) + " (" + Format.time(overhead.before())
                            + " before, " + Format.time(overhead.after()) + " after), median "
                            + Format.time(overhead.median()));
        }
        if (overhead.gaps() > 0) {
            figure(
                    "Gap between tasks",
                    "mean " + Format.time(overhead.gap())
                            + (ready == null ? " on a core" : " that a core was idle while a task was ready")
                            + ", median "
                            + Format.time(overhead.gapMedian()));
        }
        path();
        mainThread();
        TraceReport.Tail tail = report.tail();
        if (tail.since() >= 0 && !tail.last().isEmpty()) {
            TraceReport.TaskRef last = tail.last().get(0);
            long length = tail.length();
            if (length > 0) {
                figure(
                        "Tail",
                        "the last " + Format.time(length) + " without all cores; last was task " + last.id() + " of "
                                + cut(last.function(), 24) + " on " + last.node());
            }
        }
        nodes();
        TraceReport.Use use = report.use();
        if (use != null) {
            figure(
                    "Busy on the nodes",
                    Format.number(use.coresUsed()) + " cores on average, while tasks had "
                            + Format.number(use.coresHeld())
                            + (use.memoryUsed() > 0
                                    ? "; at most " + Format.count(use.memoryUsed()) + " MiB of memory in use on a node"
                                    : ""));
        }
    }

    private void path() {
        TraceReport.CriticalPath path = report.path();
        if (path == null) {
            return;
        }
        List<String> parts = new ArrayList<>();
        path.functions().stream()
                .limit(3)
                .forEach(part -> parts.add(Format.count(part.tasks()) + " " + cut(part.function(), 24) + " "
                        + Format.percent(part.time() / (double) Math.max(1, path.length()))));
        figure(
                "Critical path",
                Format.time(path.length()) + " (" + Format.percent(path.length() / (double) report.elapsed())
                        + " of the time) in " + Format.plural(path.tasks(), "task") + ": " + String.join(", ", parts)
                        + "; no more than " + Format.number(path.parallelism()) + " cores can be busy on average");
    }

    private void mainThread() {
        TraceReport.MainThread main = report.mainThread();
        if (main == null) {
            return;
        }
        List<String> calls = new ArrayList<>();
        main.calls().stream()
                .filter(call -> call.time() * 200 >= report.elapsed())
                .limit(3)
                .forEach(call -> calls.add(
                        call.name() + " " + Format.time(call.time()) + " in " + Format.plural(call.count(), "call")));
        figure(
                "Main program",
                "waited " + Format.percent(main.waiting() / (double) report.elapsed()) + " of the time"
                        + (calls.isEmpty() ? "" : ": " + String.join(", ", calls)));
    }

    private void nodes() {
        if (report.nodes().size() < 2) {
            return;
        }
        List<String> all = new ArrayList<>();
        int shown = whole ? Integer.MAX_VALUE : 6;
        report.nodes().stream()
                .limit(shown)
                .forEach(node -> all.add(node.name() + " "
                        + Format.percent(node.taskTime() / (double) report.elapsed() / Math.max(1, node.slots()))));
        int more = report.nodes().size() - all.size();
        figure("In tasks, by node", String.join(", ", all) + (more > 0 ? " and " + more + " more" : ""));
    }

    private void transfers() {
        if (report.transfers().isEmpty()) {
            return;
        }
        long count = report.transfers().stream()
                .mapToLong(TraceReport.Transfer::count)
                .sum();
        long bytes = report.transfers().stream()
                .mapToLong(TraceReport.Transfer::bytes)
                .sum();
        long time = report.transfers().stream()
                .mapToLong(TraceReport.Transfer::time)
                .sum();
        figure("Transfers", Format.count(count) + ", " + Format.bytes(bytes) + ", together " + Format.time(time));
        if (report.transfers().size() == 1 && !whole) {
            return;
        }
        report.transfers().stream()
                .limit(whole ? Integer.MAX_VALUE : PAIRS)
                .forEach(pair -> line(
                        "  %s%10s %10s %10s",
                        pad(cut(pair.from(), 20) + " → " + cut(pair.to(), 20), 44),
                        Format.count(pair.count()),
                        Format.bytes(pair.bytes()),
                        Format.time(pair.time())));
        more(report.transfers().size() - PAIRS, "pair of nodes", "pairs of nodes");
    }

    private void more(int number, String one, String many) {
        if (number > 0 && !whole) {
            line("  and %s more %s; --all shows them", Format.count(number), number == 1 ? one : many);
        }
    }

    private void functions() {
        line("");
        line("%-21s%8s%9s%9s%9s%9s%5s%6s%4s", "Function", "tasks", "total", "mean", "p95", "max", "CV", "fail", "%");
        report.functions().stream()
                .limit(whole ? Integer.MAX_VALUE : FUNCTIONS)
                .forEach(function -> line(
                        "%-21s%8s%9s%9s%9s%9s%5s%6s%4.0f",
                        cut(function.name(), 21),
                        narrow(function.count()),
                        brief(function.total()),
                        brief(function.mean()),
                        brief(function.p95()),
                        brief(function.max()),
                        String.format(Locale.ROOT, function.variation() < 9.95 ? "%.2f" : "%.0f", function.variation()),
                        narrow(function.failed()),
                        100 * function.share()));
        more(report.functions().size() - FUNCTIONS, "function", "functions");
    }

    /** Hours and minutes are seen by their colons. */
    private static String brief(double nanos) {
        return Format.time(nanos).replace(" min", "").replace(" h", "");
    }

    static String narrow(long count) {
        return count < 10_000_000 ? Long.toString(count) : count / 1_000_000 + "M";
    }

    private void advice() {
        line("");
        if (report.tasks() == 0) {
            return;
        }
        if (report.advice().isEmpty()) {
            wrapped(
                    "",
                    "Nothing stands out: the cores were in tasks for "
                            + Format.percent(report.efficiency().parallel()) + " of their time.");
        }
        int number = 0;
        for (Advice advice : report.advice()) {
            if (++number > ADVICE && !whole) {
                break;
            }
            wrapped(number + ". ", advice.what() + " " + advice.todo());
        }
        more(report.advice().size() - ADVICE, "piece of advice", "pieces of advice");
    }
}
