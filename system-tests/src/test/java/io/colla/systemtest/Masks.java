package io.colla.systemtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The affinity masks of all processes of tasks, on all hosts, at an instant. Reading them takes a while, in which tasks end and others begin; so all are read
 * twice, and those that were there both times, with the same mask, all ran at the instant between.
 */
final class Masks {
    /** What a Python task of the tests calls itself while it runs: its executor has no other sign of a task. */
    private static final Pattern PYTHON_TASK = Pattern.compile("task-\\d+");

    /** Of ranks of nap.c: the library hwloc then visits each core for some milliseconds to see what it is. (Ranks in Python are looked at while they call themselves a task.) */
    private static final String IN_MPI_INIT = "in-mpi-init";

    /** They do that too when they start. The shells that start the daemons on other nodes, and their ranks, are looked at. */
    private static final Set<String> OPEN_MPI = Set.of("mpirun", "orted");

    private static final Pattern FIELD = Pattern.compile("(?m)^(Name|State|Cpus_allowed_list):\\s*(.*)$");

    /**
     * One process of a task.
     *
     * @param task which tells tasks of the run from each other
     * @param host its namespace of process numbers
     */
    record Process(long pid, String task, String host, Set<Integer> cpus, List<String> command) {
        @Override
        public String toString() {
            return task + " " + host + " " + cpus + " "
                    + command.stream().limit(3).toList();
        }
    }

    private Masks() {}

    /** All that ran at one instant. */
    static Set<Process> now(Marked mark) {
        Set<Process> both = new HashSet<>(read(mark));
        both.retainAll(new HashSet<>(read(mark)));
        return both;
    }

    /** The cpus of each task on each host that it has processes on, by host and task. */
    static Map<String, Map<String, Set<Integer>>> byTask(Set<Process> processes) {
        Map<String, Map<String, Set<Integer>>> masks = new HashMap<>();
        for (Process process : processes) {
            masks.computeIfAbsent(process.host, host -> new TreeMap<>())
                    .computeIfAbsent(process.task, task -> new TreeSet<>())
                    .addAll(process.cpus);
        }
        return masks;
    }

    private static List<Process> read(Marked mark) {
        List<Process> found = new ArrayList<>();
        for (Marked.Found each : mark.processes()) {
            try {
                Map<String, String> status = status(each.pid());
                String task = task(each.pid(), status);
                if (task != null && !status.getOrDefault("State", "Z").startsWith("Z")) {
                    found.add(new Process(
                            each.pid(),
                            task,
                            each.namespace(),
                            cpus(status.getOrDefault("Cpus_allowed_list", "")),
                            each.command()));
                }
            } catch (IOException e) {
                continue; // it has ended
            }
        }
        return found;
    }

    private static Map<String, String> status(long pid) throws IOException {
        Matcher fields = FIELD.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
        Map<String, String> status = new HashMap<>();
        while (fields.find()) {
            status.put(fields.group(1), fields.group(2).strip());
        }
        return status;
    }

    /** Null if the process belongs to no task. */
    private static String task(long pid, Map<String, String> status) throws IOException {
        String name = status.getOrDefault("Name", "");
        if (name.startsWith("python") || name.equals(IN_MPI_INIT) || OPEN_MPI.contains(name)) {
            return null;
        }
        String environment =
                new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.ISO_8859_1);
        for (String variable : environment.split("\0")) {
            if (variable.startsWith("COLLA_TASK_ID=")) {
                return "program-" + variable.substring(variable.indexOf('=') + 1);
            }
        }
        return PYTHON_TASK.matcher(name).matches() ? name : null;
    }

    /** Of the kernel's form {@code 0-2,5}. */
    private static Set<Integer> cpus(String list) {
        Set<Integer> cpus = new TreeSet<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }
}
