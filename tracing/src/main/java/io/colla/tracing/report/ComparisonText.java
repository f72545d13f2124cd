package io.colla.tracing.report;

import java.util.List;
import java.util.Locale;

/** Two runs side by side as text for a screen of 80 columns. */
public final class ComparisonText {
    private static final int FUNCTIONS = 10;

    private final Comparison compared;
    private final StringBuilder out = new StringBuilder();

    private ComparisonText(Comparison compared) {
        this.compared = compared;
    }

    /** @param whole with all functions, which may be more than a screen has */
    public static String of(Comparison compared, boolean whole) {
        ComparisonText text = new ComparisonText(compared);
        text.runs();
        text.parts();
        text.functions(whole);
        text.out.append('\n');
        compared.words().forEach(sentence -> ReportText.wrap("", sentence, text.out));
        return text.out.toString();
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private void row(String name, String first, String second, String change) {
        line("%-26s%18s%18s%14s", name, ReportText.cut(first, 17), ReportText.cut(second, 17), change);
    }

    private void runs() {
        TraceReport first = compared.first();
        TraceReport second = compared.second();
        row("", first.name(), second.name(), "change");
        times("Elapsed", first.elapsed(), second.elapsed());
        row("Cores", Format.count(first.slots()), Format.count(second.slots()), "");
        counts("Tasks", first.tasks(), second.tasks());
        if (first.failed() + second.failed() > 0) {
            counts("  failed", first.failed(), second.failed());
        }
        parts(
                "Parallel efficiency",
                first.efficiency().parallel(),
                second.efficiency().parallel());
        parts(
                "  load balance",
                first.efficiency().loadBalance(),
                second.efficiency().loadBalance());
        parts(
                "  communication",
                first.efficiency().communication(),
                second.efficiency().communication());
        row(
                "Cores in tasks, mean",
                Format.number(first.concurrency().mean()),
                Format.number(second.concurrency().mean()),
                change(first.concurrency().mean(), second.concurrency().mean()));
        if (overhead(first) + overhead(second) > 0) {
            times("Overhead per task", overhead(first), overhead(second));
        }
        if (first.path() != null && second.path() != null) {
            times("Critical path", first.path().length(), second.path().length());
        }
        if (first.mainThread() != null && second.mainThread() != null) {
            times(
                    "Main program waited",
                    first.mainThread().waiting(),
                    second.mainThread().waiting());
        }
        if (!first.transfers().isEmpty() || !second.transfers().isEmpty()) {
            counts("Transfers", count(first.transfers()), count(second.transfers()));
            row(
                    "  size",
                    Format.bytes(bytes(first.transfers())),
                    Format.bytes(bytes(second.transfers())),
                    change(bytes(first.transfers()), bytes(second.transfers())));
        }
    }

    private static double overhead(TraceReport report) {
        return report.overhead().before() + report.overhead().after();
    }

    private static long count(List<TraceReport.Transfer> transfers) {
        return transfers.stream().mapToLong(TraceReport.Transfer::count).sum();
    }

    private static long bytes(List<TraceReport.Transfer> transfers) {
        return transfers.stream().mapToLong(TraceReport.Transfer::bytes).sum();
    }

    private void times(String name, double first, double second) {
        row(name, Format.time(first), Format.time(second), change(first, second));
    }

    private void counts(String name, long first, long second) {
        row(name, Format.count(first), Format.count(second), change(first, second));
    }

    private void parts(String name, double first, double second) {
        row(
                name,
                Format.percent(first),
                Format.percent(second),
                String.format(Locale.ROOT, "%+.1f points", 100 * (second - first)));
    }

    private static String change(double first, double second) {
        if (first == second) {
            return "";
        }
        if (first == 0) {
            return "new";
        }
        double ratio = second / first;
        return ratio >= 10
                ? String.format(Locale.ROOT, "%.0f times", ratio)
                : String.format(Locale.ROOT, "%+.0f %%", 100 * (ratio - 1));
    }

    private void parts() {
        out.append('\n');
        row("Time of the mean core", "", "", "");
        for (Comparison.Part part : compared.parts()) {
            if (part.first() > 0 || part.second() > 0) {
                row(
                        "  " + part.name(),
                        Format.time(part.first()),
                        Format.time(part.second()),
                        Comparison.signed(part.change()));
            }
        }
    }

    private void functions(boolean whole) {
        out.append('\n');
        line("%-22s%9s%9s%11s%11s%9s%9s", "Function", "tasks", "", "mean", "", "change", "a core");
        compared.functions().stream()
                .limit(whole ? Integer.MAX_VALUE : FUNCTIONS)
                .forEach(pair -> {
                    TraceReport.Function first = pair.first();
                    TraceReport.Function second = pair.second();
                    String means = first == null || second == null
                            ? ""
                            : change(first.mean(), second.mean()) + (pair.differs() ? "" : " ~");
                    line(
                            "%-22s%9s%9s%11s%11s%9s%9s",
                            ReportText.cut(pair.name(), 22),
                            first == null ? "-" : ReportText.narrow(first.count()),
                            second == null ? "-" : ReportText.narrow(second.count()),
                            first == null ? "-" : Format.time(first.mean()),
                            second == null ? "-" : Format.time(second.mean()),
                            means,
                            Comparison.signed(pair.change()).replace(" min", "").replace(" h", ""));
                });
        int more = compared.functions().size() - FUNCTIONS;
        if (more > 0 && !whole) {
            line("  and %s; --all shows them", Format.plural(more, "more function"));
        }
        if (compared.functions().stream().anyMatch(pair -> !pair.differs())) {
            line("  ~ no more than the tasks' own variation explains (two standard errors)");
        }
    }
}
