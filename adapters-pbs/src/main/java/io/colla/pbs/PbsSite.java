package io.colla.pbs;

import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.SiteFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code qstat} and {@code pbsnodes} say of the queues and the nodes. Which queue has which nodes is not told; all nodes count for each queue that is not bound to
 * some of them.
 */
final class PbsSite {
    private static final Pattern QUEUE = Pattern.compile("Queue: (\\S+)");
    private static final Pattern SERVER = Pattern.compile("Server: (\\S+)");
    private static final Pattern PAIR = Pattern.compile("\\s+(\\S+) = (.*)");
    private static final Pattern CLOCK = Pattern.compile("(?:(\\d+):)?(\\d+):(\\d+)");
    private static final Pattern PHYSICAL = Pattern.compile("physmem=(\\d+\\w*)");

    private PbsSite() {}

    static SiteFacts ask(Commands commands) throws CommandException {
        return of(
                commands.output("qstat", "-B", "-f"),
                commands.output("qstat", "-Q", "-f"),
                commands.output("pbsnodes", "-a"));
    }

    /** @param nodes what pbsnodes prints: a block of indented lines for each node, or part of one */
    static SiteFacts of(String server, String queues, String nodes) {
        List<SiteFacts.Nodes> kinds = kinds(nodes);
        List<SiteFacts.Queue> taking = new ArrayList<>();
        for (Map<String, String> queue : blocks(queues, QUEUE)) {
            boolean execution = queue.getOrDefault("queue_type", "").startsWith("E");
            boolean open = isTrue(queue, "enabled") && isTrue(queue, "started");
            if (execution && open) {
                taking.add(new SiteFacts.Queue(
                        queue.getOrDefault("", ""),
                        time(queue.get("resources_max.walltime")),
                        number(queue.getOrDefault("resources_max.nodect", "")),
                        queue.containsKey("default_chunk.Qlist") ? List.of() : kinds));
            }
        }
        Map<String, String> first = blocks(server, SERVER).stream().findFirst().orElse(Map.of());
        String name = first.getOrDefault("", "").replaceAll("\\..*", "");
        return new SiteFacts(name, first.get("default_queue"), taking);
    }

    private static boolean isTrue(Map<String, String> block, String key) {
        return block.getOrDefault(key, "").equalsIgnoreCase("true");
    }

    /** Blocks of pairs; the name in the heading is under the empty key. */
    private static List<Map<String, String>> blocks(String text, Pattern heading) {
        List<Map<String, String>> blocks = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher title = heading.matcher(line);
            Matcher pair = PAIR.matcher(line);
            if (title.matches()) {
                blocks.add(new LinkedHashMap<>(Map.of("", title.group(1))));
            } else if (pair.matches() && !blocks.isEmpty()) {
                blocks.get(blocks.size() - 1).put(pair.group(1), pair.group(2).strip());
            }
        }
        return blocks;
    }

    private static List<SiteFacts.Nodes> kinds(String text) {
        Map<List<Long>, Integer> counts = new LinkedHashMap<>();
        for (Map<String, String> node : blocks(text, Pattern.compile("(\\S+)"))) {
            int cores = number(node.getOrDefault("resources_available.ncpus", node.getOrDefault("np", "")));
            int gpus = number(node.getOrDefault("resources_available.ngpus", node.getOrDefault("gpus", "")));
            if (cores > 0) {
                counts.merge(List.of((long) cores, memory(node), (long) gpus), 1, Integer::sum);
            }
        }
        List<SiteFacts.Nodes> kinds = new ArrayList<>();
        counts.forEach((kind, count) -> kinds.add(new SiteFacts.Nodes(
                count, kind.get(0).intValue(), kind.get(1), kind.get(2).intValue())));
        return kinds;
    }

    /** In whole GiB, as nodes that are alike differ by some KiB. */
    private static long memory(Map<String, String> node) {
        Matcher physical = PHYSICAL.matcher(node.getOrDefault("status", ""));
        String text = node.getOrDefault("resources_available.mem", physical.find() ? physical.group(1) : "");
        long bytes = text.isEmpty() ? 0 : Sizes.bytes(text);
        return bytes >> 30 << 30;
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static @Nullable Duration time(@Nullable String text) {
        Matcher clock = CLOCK.matcher(text == null ? "" : text);
        if (!clock.matches()) {
            return null;
        }
        return Duration.ofHours(number(clock.group(1) == null ? "" : clock.group(1)))
                .plusMinutes(number(clock.group(2)))
                .plusSeconds(number(clock.group(3)));
    }
}
