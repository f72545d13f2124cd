package io.colla.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as a table of 80 columns, and as JSON. */
final class Report {
    private static final int WIDTH = 80;

    private final PrintStream out;
    private final List<Map<String, Object>> json = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void begin(Machine machine, int repetitions) {
        out.printf(
                Locale.ROOT,
                "%s, %d cores, %d GiB, load %.2f%n%s, %s, commit %s%n",
                machine.processor(),
                machine.cores(),
                Math.round(machine.memory() / 1e9),
                machine.load(),
                machine.kernel(),
                machine.java(),
                machine.commit());
        out.printf(
                "Medians of %d interleaved repetitions, least and most; processor time: seconds of%n"
                        + "one repetition, with all that it started, and microseconds a task when warm.%n",
                repetitions);
        out.println("Factor: how many times better (above 1) or worse than the first line.");
    }

    /** Shows a row at once, as rows take their time. */
    void add(Row row, List<Summary> summaries) {
        Summary ours = summaries.get(0);
        out.printf("%n%s%n", heading(row));
        out.printf("  %-27s %10s %17s %6s %6s %6s%n", "", row.unit().symbol, "range", "CPU s", "µs", "factor");
        for (Summary summary : summaries) {
            out.println(line(row, summary, ours, verdict(row, summary, summaries)));
        }
        out.flush();
        json.add(asJson(row, summaries));
    }

    private static String heading(Row row) {
        Row.Target target = row.target();
        if (Double.isNaN(target.floor())) {
            return row.title();
        }
        String floor = target.yardstick() == null ? row.unit().show(target.floor()) : percent(target.floor());
        String aim = target.yardstick() == null ? row.unit().show(target.aim()) : percent(target.aim());
        String promise = "floor " + floor + ", aim " + aim;
        int gap = Math.max(2, WIDTH - row.title().length() - promise.length());
        return row.title() + " ".repeat(gap) + promise;
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }

    private static String line(Row row, Summary summary, Summary ours, @Nullable String verdict) {
        if (summary.problem() != null) {
            String line = "  " + summary.label() + ": not measured: " + summary.problem();
            return line.length() <= 2 * WIDTH ? line : line.substring(0, 2 * WIDTH - 4) + " ...";
        }
        Unit unit = row.unit();
        String ratio = summary == ours || ours.problem() != null
                ? ""
                : String.format(Locale.ROOT, "%.2f", unit.advantage(summary.median(), ours.median()));
        String mark =
                verdict == null ? " " : verdict.equals("below the floor") ? "!" : verdict.equals("aim") ? "*" : "+";
        return String.format(
                Locale.ROOT,
                "%s %-27s %10s %17s %6.2f %6s %6s",
                mark,
                summary.label(),
                unit.show(summary.median()),
                unit.show(summary.least()) + "-" + unit.show(summary.most()),
                summary.cpu(),
                Double.isNaN(summary.cpuPerTask()) ? "" : String.format(Locale.ROOT, "%.1f", summary.cpuPerTask()),
                ratio);
    }

    /** Null where nothing is promised. */
    private static @Nullable String verdict(Row row, Summary summary, List<Summary> all) {
        Row.Target target = row.target();
        if (!summary.ours() || summary.problem() != null || Double.isNaN(target.floor())) {
            return null;
        }
        double value = summary.median();
        String yardstick = target.yardstick();
        if (yardstick != null) {
            double other = all.stream()
                    .filter(s -> s.label().equals(yardstick))
                    .mapToDouble(Summary::median)
                    .findFirst()
                    .orElse(Double.NaN);
            value = row.unit().advantage(value, other);
            if (Double.isNaN(value)) {
                return null;
            }
            return value >= target.aim() ? "aim" : value >= target.floor() ? "floor" : "below the floor";
        }
        if (row.unit().advantage(value, target.aim()) >= 1) {
            return "aim";
        }
        return row.unit().advantage(value, target.floor()) >= 1 ? "floor" : "below the floor";
    }

    private static Map<String, Object> asJson(Row row, List<Summary> summaries) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", row.name());
        object.put("title", row.title());
        object.put("unit", row.unit().symbol);
        object.put("floor", row.target().floor());
        object.put("aim", row.target().aim());
        List<Map<String, Object>> contenders = new ArrayList<>();
        for (Summary summary : summaries) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("summary", summary);
            String verdict = verdict(row, summary, summaries);
            if (verdict != null) {
                each.put("verdict", verdict);
            }
            contenders.add(each);
        }
        object.put("contenders", contenders);
        return object;
    }

    void end() {
        out.printf("%n* the aim is reached   + the floor is held   ! below the floor%n");
    }

    void write(Path file, Machine machine, Instant begun, int repetitions) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("begun", begun.toString());
        all.put("repetitions", repetitions);
        all.put("machine", machine);
        all.put("rows", json);
        Files.createDirectories(file.toAbsolutePath().getParent());
        new ObjectMapper()
                .setSerializationInclusion(JsonInclude.Include.NON_NULL)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), all);
        out.println("Written to " + file);
    }
}
