package io.colla.slurm;

import io.colla.platform.CpuList;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code scontrol show job -d}: {@code name=value} words, and for each group of nodes a line {@code Nodes=node[2-3] CPU_IDs=0-1 Mem=300
 * GRES=gpu:1(IDX:0)}. A heterogeneous job prints one block per component. Times are in the zone of the command that printed them.
 */
final class ScontrolJob {
    private static final Pattern NODES = Pattern.compile(
            "^\\s*Nodes=(\\S+)\\s+CPU_IDs=(\\S*)\\s+Mem=(\\d*)([KMGT]?)\\S*(?:\\s+GRES(?:_IDX)?=(.*))?$");
    private static final Pattern END = Pattern.compile("\\bEndTime=(\\S+)");

    private final ZoneId zone;
    private final Map<String, JobDetails.Node> nodes = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable Instant end;

    private ScontrolJob(ZoneId zone) {
        this.zone = zone;
    }

    static JobDetails parse(String text, ZoneId zone) {
        ScontrolJob parser = new ScontrolJob(zone);
        text.lines().forEach(parser::line);
        return new JobDetails(parser.nodes, parser.end, parser.notes);
    }

    private void line(String line) {
        Matcher endTime = END.matcher(line);
        if (endTime.find()) {
            end(endTime.group(1));
        }
        Matcher given = NODES.matcher(line);
        if (given.matches()) {
            nodes(given);
        } else if (line.strip().startsWith("Nodes=")) {
            notes.add("scontrol's line '" + line.strip() + "' is not as expected, and was not used");
        }
    }

    private void end(String time) {
        if (time.equals("Unknown") || time.equals("None") || time.equals("N/A")) {
            return;
        }
        try {
            Instant found = LocalDateTime.parse(time).atZone(zone).toInstant();
            Instant before = end;
            end = before == null || found.isBefore(before) ? found : before;
        } catch (DateTimeParseException e) {
            notes.add("scontrol says EndTime=" + time + ", which Colla cannot read: the job's end is not known");
        }
    }

    private void nodes(Matcher line) {
        try {
            int cpus = CpuList.parse(line.group(2)).size();
            Gres gres = line.group(5) == null ? Gres.NONE : Gres.parse(line.group(5));
            for (String name : HostList.expand(line.group(1))) {
                nodes.put(name, new JobDetails.Node(cpus, memory(line.group(3), line.group(4)), gres));
            }
        } catch (IllegalArgumentException e) {
            notes.add("scontrol's line '" + line.group().strip() + "' was not used: " + e.getMessage());
        }
    }

    /** MiB without a unit. */
    private static long memory(String number, String unit) {
        if (number.isEmpty() || number.length() > 12) {
            return 0;
        }
        int power = unit.isEmpty() ? 2 : "KMGT".indexOf(unit) + 1;
        return Long.parseLong(number) << 10 * power;
    }
}
