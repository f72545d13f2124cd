package io.colla.slurm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code squeue --json}, whose shape changed between releases (Slurm's REST API, schemas v0.0.37 to v0.0.42): numbers became objects with {@code set}
 * and {@code number}, the job's nodes moved from an object with numbered keys to a list and then below {@code nodes.allocation}. It lists other
 * jobs too, finished ones included. Used only where scontrol does not answer.
 */
final class SqueueJson {
    private static final long MIB = 1 << 20;

    private SqueueJson() {}

    /** What it says of the job and, when it is heterogeneous, of its other components. */
    static JobDetails parse(String text, String job) {
        JsonNode jobs;
        try {
            jobs = new ObjectMapper().readTree(text).path("jobs");
        } catch (JsonProcessingException e) {
            return note("squeue --json printed no JSON: " + e.getOriginalMessage());
        }
        JobDetails all = null;
        for (JsonNode each : jobs) {
            if (job.equals(id(each.path("job_id"))) || job.equals(id(each.path("het_job_id")))) {
                JobDetails one = details(each);
                all = all == null ? one : all.and(one);
            }
        }
        return all == null ? note("squeue --json does not list job " + job) : all;
    }

    private static JobDetails note(String note) {
        return new JobDetails(Map.of(), null, List.of(note));
    }

    private static String id(JsonNode number) {
        return String.valueOf(number(number));
    }

    private static JobDetails details(JsonNode job) {
        List<String> notes = new ArrayList<>();
        Map<String, JobDetails.Node> nodes = new LinkedHashMap<>();
        JsonNode resources = job.path("job_resources");
        List<String> names = names(resources, notes);
        List<String> gres = new ArrayList<>();
        job.path("gres_detail").forEach(each -> gres.add(each.asText("")));
        int index = 0;
        for (JsonNode node : allocated(resources)) {
            String name = node.path("nodename")
                    .asText(node.path("name").asText(index < names.size() ? names.get(index) : ""));
            if (name.isEmpty()) {
                notes.add("squeue --json gives a node without a name, which was not used");
            } else {
                nodes.put(
                        name,
                        new JobDetails.Node(
                                cpus(node), memory(node), Gres.parse(index < gres.size() ? gres.get(index) : "")));
            }
            index++;
        }
        return new JobDetails(nodes, end(job.path("end_time")), notes);
    }

    private static List<String> names(JsonNode resources, List<String> notes) {
        JsonNode list = resources.path("nodes");
        String text = list.isObject() ? list.path("list").asText("") : list.asText("");
        try {
            return HostList.expand(text);
        } catch (IllegalArgumentException e) {
            notes.add("squeue --json: " + e.getMessage());
            return List.of();
        }
    }

    private static JsonNode allocated(JsonNode resources) {
        JsonNode newest = resources.path("nodes").path("allocation");
        return newest.isArray() ? newest : resources.path("allocated_nodes");
    }

    private static int cpus(JsonNode node) {
        JsonNode count = node.path("cpus");
        long said = number(count.isObject() && count.has("count") ? count.path("count") : count);
        if (said > 0 && said < 1 << 20) {
            return (int) said;
        }
        int allocated = 0;
        for (JsonNode socket : node.path("sockets")) {
            for (JsonNode core : socket.path("cores")) {
                JsonNode status = core.has("status") ? core.path("status") : core;
                allocated +=
                        status.toString().toLowerCase(java.util.Locale.ROOT).contains("\"allocated\"") ? 1 : 0;
            }
        }
        return allocated;
    }

    private static long memory(JsonNode node) {
        JsonNode memory = node.path("memory");
        long mebibytes = number(node.path("memory_allocated"));
        if (mebibytes <= 0) {
            mebibytes = number(memory.has("allocated") ? memory.path("allocated") : memory);
        }
        return mebibytes > 0 && mebibytes < 1L << 40 ? mebibytes * MIB : 0;
    }

    private static @Nullable Instant end(JsonNode time) {
        long seconds = number(time);
        return seconds > 0 && seconds < 1L << 40 ? Instant.ofEpochSecond(seconds) : null;
    }

    /** A plain number, one in quotes, or an object with set, infinite and number; -1 for none of these. */
    private static long number(JsonNode node) {
        if (node.isObject()) {
            boolean real =
                    node.path("set").asBoolean(true) && !node.path("infinite").asBoolean(false);
            return real ? node.path("number").asLong(-1) : -1;
        }
        return node.isValueNode() ? node.asLong(-1) : -1;
    }
}
