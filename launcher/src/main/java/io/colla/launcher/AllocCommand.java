package io.colla.launcher;

import io.colla.launcher.config.Quantities;
import io.colla.launcher.config.Settings;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla alloc}: the nodes, cores and memory that a run started here would use. */
final class AllocCommand implements Subcommand {
    private static final String JSON = "--json";
    private static final int WIDTH = 80;
    private static final int LEAST_NAME = 8;
    private static final int MOST_NAME = 32;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows the nodes, cores and memory that a run would use here.")
                .description("%nTakes the options of 'colla run', and reckons with them.%n");
        spec.addOption(OptionSpec.builder(JSON).description("For programs.").build());
        SettingsFlags.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Settings settings = SettingsFlags.load(line, context.loader());
        Allocation allocation =
                AllocationRequest.find(settings, context.loader().environment()).allocation();
        context.out().print(line.hasMatchedOption(JSON) ? json(allocation) : text(allocation, Instant.now()));
        return ExitCode.OK.number();
    }

    static String text(Allocation allocation, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(allocation, now));
        int widest = allocation.nodes().stream()
                .mapToInt(node -> node.name().length())
                .max()
                .orElse(0);
        int name = Math.max(LEAST_NAME, Math.min(MOST_NAME, widest));
        String form = "%-" + name + "s %6s %9s  %s";
        lines.add(String.format(Locale.ROOT, form, "node", "cores", "memory", "cpus, resources, properties"));
        for (NodeShare node : allocation.nodes()) {
            String memory = node.memory() == 0 ? "-" : Quantities.roughly(node.memory());
            lines.add(String.format(
                    Locale.ROOT, form, Words.cut(node.name(), name), node.cores(), memory, details(node)));
        }
        for (String note : allocation.notes()) {
            List<String> wrapped = Words.wrap(note, WIDTH - 8);
            for (int i = 0; i < wrapped.size(); i++) {
                lines.add((i == 0 ? "note: " : "      ") + wrapped.get(i));
            }
        }
        StringBuilder out = new StringBuilder();
        lines.forEach(line -> out.append(Words.cut(line, WIDTH).stripTrailing()).append('\n'));
        return out.toString();
    }

    private static String heading(Allocation allocation, Instant now) {
        Instant end = allocation.end();
        return (allocation.job() == null ? allocation.source() : allocation.source() + " job " + allocation.job())
                + ": "
                + Words.plural(allocation.nodes().size(), "node") + ", " + Words.plural(allocation.cores(), "core")
                + (end == null
                        ? ""
                        : ", " + Words.clock(Duration.between(now, end.isBefore(now) ? now : end)) + " left");
    }

    private static String details(NodeShare node) {
        List<String> parts = new ArrayList<>();
        if (!node.cpus().isEmpty()) {
            parts.add(ranges(node.cpus()));
        }
        new TreeMap<>(node.resources()).forEach((resource, amount) -> parts.add(resource + "=" + amount));
        new TreeMap<>(node.properties()).forEach((property, value) -> parts.add(property + "=" + value));
        return String.join(" ", parts);
    }

    /** {@code 0-3,8}. */
    static String ranges(List<Integer> numbers) {
        List<Integer> sorted = numbers.stream().sorted().toList();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < sorted.size(); ) {
            int first = i;
            while (i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1) {
                i++;
            }
            out.append(out.isEmpty() ? "" : ",").append(sorted.get(first));
            if (i > first) {
                out.append('-').append(sorted.get(i));
            }
            i++;
        }
        return out.toString();
    }

    static String json(Allocation allocation) {
        Instant end = allocation.end();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("source", allocation.source());
        map.put("job", allocation.job());
        map.put("end", end == null ? null : end.truncatedTo(ChronoUnit.SECONDS));
        map.put("cores", allocation.cores());
        map.put("nodes", allocation.nodes().stream().map(AllocCommand::json).toList());
        map.put("notes", allocation.notes());
        return Json.of(map);
    }

    private static Map<String, Object> json(NodeShare node) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", node.name());
        map.put("cores", node.cores());
        map.put("cpus", node.cpus());
        map.put("memory", node.memory());
        map.put("resources", new TreeMap<>(node.resources()));
        map.put("properties", new TreeMap<>(node.properties()));
        return map;
    }
}
