package io.colla.slurm;

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

/** What {@code sinfo} and {@code scontrol} say of the partitions and their nodes. */
final class SlurmSite {
    /** Partition with a star for the default one, state, time limit, nodes, cores, MiB, generic resources, size of jobs. */
    private static final String FORMAT = "%P|%a|%l|%D|%c|%m|%G|%s";

    private static final int CELLS = 8;
    private static final Pattern CLUSTER = Pattern.compile("(?m)^ClusterName\\s*=\\s*(\\S+)");
    private static final Pattern CLOCK = Pattern.compile("(?:(\\d+)-)?(?:(\\d+):)?(\\d+):(\\d+)");
    private static final Pattern GPUS = Pattern.compile("(?:^|,)gpu:(?:[^,:(]+:)?(\\d+)");
    private static final Pattern MOST = Pattern.compile("\\d+-(\\d+)");

    private SlurmSite() {}

    static SiteFacts ask(Commands commands) throws CommandException {
        String partitions = commands.output("sinfo", "-h", "-e", "-o", FORMAT);
        String configuration = commands.output("scontrol", "show", "config");
        return of(configuration, partitions);
    }

    /** @param partitions a line for each kind of node in each partition */
    static SiteFacts of(String configuration, String partitions) {
        Matcher cluster = CLUSTER.matcher(configuration);
        String defaultQueue = null;
        Map<String, SiteFacts.Queue> queues = new LinkedHashMap<>();
        for (String line : partitions.split("\n")) {
            String[] cells = line.strip().split("\\|", -1);
            if (cells.length != CELLS || !cells[1].equals("up")) {
                continue;
            }
            boolean chosen = cells[0].endsWith("*");
            String name = chosen ? cells[0].substring(0, cells[0].length() - 1) : cells[0];
            defaultQueue = chosen ? name : defaultQueue;
            List<SiteFacts.Nodes> nodes = new ArrayList<>();
            SiteFacts.Queue known = queues.get(name);
            if (known != null) {
                nodes.addAll(known.nodes());
            }
            nodes.add(new SiteFacts.Nodes(
                    number(cells[3]), number(cells[4]), (long) number(cells[5]) << 20, gpus(cells[6])));
            queues.put(name, new SiteFacts.Queue(name, time(cells[2]), most(cells[7]), nodes));
        }
        return new SiteFacts(cluster.find() ? cluster.group(1) : "", defaultQueue, List.copyOf(queues.values()));
    }

    private static int number(String text) {
        String digits = text.replaceAll("\\D.*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static int gpus(String resources) {
        int sum = 0;
        Matcher gpus = GPUS.matcher(resources);
        while (gpus.find()) {
            sum += Integer.parseInt(gpus.group(1));
        }
        return sum;
    }

    private static int most(String sizes) {
        Matcher range = MOST.matcher(sizes);
        return range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }

    /** Null for infinite. */
    private static @Nullable Duration time(String text) {
        Matcher clock = CLOCK.matcher(text);
        if (!clock.matches()) {
            return null;
        }
        return Duration.ofDays(number(clock.group(1) == null ? "" : clock.group(1)))
                .plusHours(number(clock.group(2) == null ? "" : clock.group(2)))
                .plusMinutes(number(clock.group(3)))
                .plusSeconds(number(clock.group(4)));
    }
}
