package io.colla.pbs;

import io.colla.platform.CpuList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one host gives to a job.
 *
 * @param cores number of cores
 * @param memory bytes; 0 when not said
 * @param resources amounts of other resources; GPUs are {@code gpu}
 */
record Given(int cores, long memory, Map<String, Integer> resources) {
    private static final Set<String> NOT_RESOURCES =
            Set.of("ncpus", "mem", "vmem", "pmem", "pvmem", "mpiprocs", "ompthreads");

    private static Given cores(int cores) {
        return new Given(cores, 0, Map.of());
    }

    private Given and(Given other) {
        Map<String, Integer> sum = new TreeMap<>(resources);
        other.resources.forEach((name, amount) -> sum.merge(name, amount, Integer::sum));
        return new Given(cores + other.cores, memory + other.memory, sum);
    }

    /**
     * By host, in the job's order. In OpenPBS each term of exec_host is a chunk, and the group of exec_vnode at the same place says of what it is made: the
     * number after the star is wrong for a chunk that is spread over several vnodes. In Torque there are no vnodes, and a term lists processor slots.
     *
     * @param execVnode empty when not said
     * @throws IllegalArgumentException if they cannot be read; the message says what is odd
     */
    static Map<String, Given> byHost(String execHost, String execVnode) {
        List<String> terms = List.of(execHost.split("\\+"));
        List<String> groups = execVnode.isEmpty() ? List.of() : groups(execVnode);
        if (!groups.isEmpty() && groups.size() != terms.size()) {
            throw new IllegalArgumentException(
                    "exec_host has " + terms.size() + " chunks and exec_vnode " + groups.size());
        }
        Map<String, Given> hosts = new LinkedHashMap<>();
        for (int i = 0; i < terms.size(); i++) {
            Given part = groups.isEmpty() ? cores(slots(terms.get(i))) : chunk(groups.get(i));
            hosts.merge(host(terms.get(i)), part, Given::and);
        }
        return hosts;
    }

    /** {@code node1/0*4}, {@code node1.site:15002/0*4}. */
    private static String host(String term) {
        String name = term.replaceFirst("/.*", "").replaceFirst(":\\d+$", "").strip();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("exec_host has a chunk without a host: '" + term + "'");
        }
        return name;
    }

    /** {@code node1/0-3,7}: five slots; {@code node1/2}: one; {@code node1/0*4}: four. */
    private static int slots(String term) {
        String numbers = term.substring(term.indexOf('/') + 1);
        int star = numbers.indexOf('*');
        if (star >= 0) {
            return number(numbers.substring(star + 1), term);
        }
        return term.indexOf('/') < 0 ? 1 : CpuList.parse(numbers).size();
    }

    /** Parts between plus signs that are not inside parentheses, without these. */
    private static List<String> groups(String execVnode) {
        List<String> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        int depth = 0;
        for (char c : execVnode.toCharArray()) {
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '+' && depth == 0) {
                groups.add(group.toString());
                group.setLength(0);
            } else {
                group.append(c);
            }
        }
        groups.add(group.toString());
        return groups;
    }

    /** {@code node3[0]:ncpus=2:mem=1024kb+node3[1]:ncpus=1}: vnodes of one host. */
    private static Given chunk(String group) {
        Given all = cores(0);
        for (String vnode : group.split("\\+")) {
            String[] words = vnode.split(":");
            int cores = 0;
            long memory = 0;
            Map<String, Integer> resources = new TreeMap<>();
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                String name = equals < 0 ? words[i] : words[i].substring(0, equals);
                String value = words[i].substring(equals + 1);
                if (name.equals("ncpus")) {
                    cores = number(value, vnode);
                } else if (name.equals("mem")) {
                    memory = Sizes.bytes(value);
                } else if (!NOT_RESOURCES.contains(name) && value.matches("[1-9]\\d{0,8}")) {
                    resources.put(name.equals("ngpus") ? "gpu" : name, Integer.parseInt(value));
                }
            }
            all = all.and(new Given(cores, memory, resources));
        }
        return all;
    }

    private static int number(String text, String where) {
        if (!text.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("'" + text + "' in " + where + " is no number of cores");
        }
        return Integer.parseInt(text);
    }
}
