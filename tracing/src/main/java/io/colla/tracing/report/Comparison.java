package io.colla.tracing.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side, and what makes the difference. The time that passed is the sum of what a core did on average, so that the differences of those parts add up to that of the runs.
 *
 * @param first the run that is compared with
 * @param second the other
 * @param parts of the time of a core, in the order of the report
 * @param functions of both, those that make most difference first
 * @param words what explains the difference
 */
public record Comparison(
        TraceReport first, TraceReport second, List<Part> parts, List<Functions> functions, List<String> words) {
    /** Two runs of one program differ by so much without any reason. */
    private static final double NOISE = 0.05;
    /** Means that are further apart than so many standard errors differ. */
    private static final double ERRORS = 2;

    /** Parts that differ by less of the whole are not spoken of. */
    private static final double SMALL = 0.02;

    private static final double WORTH_A_WORD = 0.15;

    /** A part of the time that passed, as the mean core had it, in nanoseconds. */
    public record Part(String name, double first, double second) {
        public double change() {
            return second - first;
        }
    }

    /**
     * A function in both runs.
     *
     * @param first null if it is only in the second
     * @param second null if it is only in the first
     * @param change of the mean core's time in it, in nanoseconds
     * @param differs whether the means are further apart than the tasks' own variation explains
     */
    public record Functions(
            String name,
            TraceReport.@Nullable Function first,
            TraceReport.@Nullable Function second,
            double change,
            boolean differs) {}

    /** Compares two reports. */
    public static Comparison of(TraceReport first, TraceReport second) {
        List<Part> parts = parts(first, second);
        List<Functions> functions = functions(first, second);
        return new Comparison(first, second, parts, functions, words(first, second, parts, functions));
    }

    private static List<Part> parts(TraceReport first, TraceReport second) {
        Map<String, Long> others = second.coreTime().parts();
        List<Part> parts = new ArrayList<>();
        first.coreTime()
                .parts()
                .forEach((name, time) -> parts.add(
                        new Part(name, perCore(time, first), perCore(others.getOrDefault(name, 0L), second))));
        return parts;
    }

    private static double perCore(long time, TraceReport report) {
        return (double) time / Math.max(1, report.slots());
    }

    private static List<Functions> functions(TraceReport first, TraceReport second) {
        Map<String, TraceReport.Function> others = new LinkedHashMap<>();
        second.functions().forEach(function -> others.put(function.name(), function));
        List<Functions> all = new ArrayList<>();
        for (TraceReport.Function function : first.functions()) {
            all.add(pair(first, second, function, others.remove(function.name())));
        }
        others.values().forEach(function -> all.add(pair(first, second, null, function)));
        all.sort(Comparator.comparingDouble((Functions pair) -> Math.abs(pair.change()))
                .reversed()
                .thenComparing(Functions::name));
        return all;
    }

    private static Functions pair(
            TraceReport first,
            TraceReport second,
            TraceReport.@Nullable Function one,
            TraceReport.@Nullable Function other) {
        double before = one == null ? 0 : (double) one.coreTime() / Math.max(1, first.slots());
        double after = other == null ? 0 : (double) other.coreTime() / Math.max(1, second.slots());
        String name = one != null ? one.name() : other != null ? other.name() : "";
        boolean differs = one == null || other == null || differ(one, other);
        return new Functions(name, one, other, after - before, differs);
    }

    private static boolean differ(TraceReport.Function one, TraceReport.Function other) {
        double apart = Math.abs(other.mean() - one.mean());
        double error = Math.hypot(error(one), error(other));
        boolean few = one.count() < 2 || other.count() < 2;
        return apart > NOISE * one.mean() && (few ? apart > 0.2 * one.mean() : apart > ERRORS * error);
    }

    /** Standard error of the mean. */
    private static double error(TraceReport.Function function) {
        return function.variation() * function.mean() / Math.sqrt(Math.max(1, function.count()));
    }

    private static List<String> words(
            TraceReport first, TraceReport second, List<Part> parts, List<Functions> functions) {
        List<String> words = new ArrayList<>();
        double change = (double) second.elapsed() - first.elapsed();
        double part = Math.abs(change) / first.elapsed();
        if (part < NOISE) {
            words.add("The runs took about the same time: " + Format.percent(part)
                    + " apart, which two runs of one program may be without a reason.");
        } else {
            words.add("The second run took " + Format.time(Math.abs(change)) + (change > 0 ? " more" : " less") + " ("
                    + Format.percent(part)
                    + "). One pair of runs does not tell how much they vary: repeat them if it matters.");
        }
        if (first.slots() != second.slots()) {
            words.add("They had " + Format.plural(first.slots(), "core") + " and "
                    + Format.plural(second.slots(), "core") + "; what follows is of the mean core.");
        }
        double scale = Math.max(Math.abs(change), NOISE * first.elapsed());
        parts.stream()
                .filter(each -> Math.abs(each.change()) >= WORTH_A_WORD * scale
                        && Math.abs(each.change()) >= SMALL * first.elapsed())
                .sorted(Comparator.comparingDouble((Part each) -> Math.abs(each.change()))
                        .reversed())
                .limit(4)
                .forEach(each -> words.add(explained(each, functions)));
        return words;
    }

    private static String explained(Part part, List<Functions> functions) {
        String text = "A core was " + place(part.name()) + " for " + Format.time(part.second()) + " instead of "
                + Format.time(part.first()) + " (" + signed(part.change()) + ").";
        if (!part.name().equals("in tasks")) {
            return text;
        }
        List<String> who = functions.stream()
                .filter(function -> function.change() * part.change() > 0
                        && Math.abs(function.change()) >= WORTH_A_WORD * Math.abs(part.change()))
                .limit(3)
                .map(Comparison::why)
                .toList();
        return who.isEmpty() ? text : text + " Of that: " + String.join("; ", who) + ".";
    }

    private static String place(String name) {
        return name.startsWith("idle: ")
                ? "idle (" + name.substring(6) + ")"
                : name.replace("first task", "the first task").replace("last task", "the last task");
    }

    private static String why(Functions function) {
        String begin = "`" + function.name() + "` " + signed(function.change());
        TraceReport.Function one = function.first();
        TraceReport.Function other = function.second();
        if (one == null) {
            return begin + ", which the first run does not have";
        }
        if (other == null) {
            return begin + ", which the second run does not have";
        }
        List<String> reasons = new ArrayList<>();
        if (one.count() != other.count()) {
            reasons.add(Format.count(other.count()) + " tasks instead of " + Format.count(one.count()));
        }
        if (function.differs() || reasons.isEmpty()) {
            reasons.add(Format.time(other.mean()) + " each instead of " + Format.time(one.mean())
                    + (function.differs() ? "" : ", which its tasks' own variation may explain"));
        }
        return begin + " (" + String.join(", ", reasons) + ")";
    }

    static String signed(double nanos) {
        return (nanos >= 0 ? "+" : "-") + Format.time(Math.abs(nanos));
    }

    /** As maps and lists, for JSON; see {@link ReportJson}. */
    public Map<String, @Nullable Object> json() {
        List<Object> partMaps = new ArrayList<>();
        parts.forEach(part -> partMaps.add(ReportJson.map(
                "name", part.name(), "first_ns_per_core", part.first(), "second_ns_per_core", part.second())));
        List<Object> functionMaps = new ArrayList<>();
        functions.forEach(pair -> functionMaps.add(ReportJson.map(
                "name",
                pair.name(),
                "first_count",
                pair.first() == null ? 0 : pair.first().count(),
                "second_count",
                pair.second() == null ? 0 : pair.second().count(),
                "first_mean_ns",
                pair.first() == null ? null : pair.first().mean(),
                "second_mean_ns",
                pair.second() == null ? null : pair.second().mean(),
                "change_ns_per_core",
                pair.change(),
                "means_differ",
                pair.differs())));
        return ReportJson.map(
                "format",
                1,
                "elapsed_change_ns",
                second.elapsed() - first.elapsed(),
                "parts",
                partMaps,
                "functions",
                functionMaps,
                "words",
                words,
                "first",
                ReportJson.of(first),
                "second",
                ReportJson.of(second));
    }
}
