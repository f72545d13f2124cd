package io.colla.tracing.merge;

import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.ThreadId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of one trace are in that of several: their applications come after those of the traces before; a machine that is there by its name already is that one, and a core of it the
 * one of the same number.
 */
final class ForeignPlaces {
    private static final Pattern UNNAMED = Pattern.compile("node \\d+");
    private static final Pattern OWN_NUMBER = Pattern.compile("(?<![\\d.])\\d+(\\.\\d+\\.\\d+)(?![\\d.])");

    private final Machine theirs;
    private final PrvReader reader;
    private final int applicationsBefore;
    /** By their nodes, from 0: ours, from 0. */
    private final int[] nodes;

    private int[] firstCpus = new int[0];

    private ForeignPlaces(PrvReader reader, int applicationsBefore, int[] nodes) {
        this.theirs = reader.machine();
        this.reader = reader;
        this.applicationsBefore = applicationsBefore;
        this.nodes = nodes;
    }

    /** What ran where in several traces, as far as they have been added. */
    static final class Whole {
        private final List<String> names = new ArrayList<>();
        private final List<Integer> cpus = new ArrayList<>();
        private final List<Machine.Application> applications = new ArrayList<>();
        private final List<ForeignPlaces> parts = new ArrayList<>();

        /**
         * Adds the threads of a trace.
         *
         * @param name of the trace, for its threads; empty: their names are what they were
         * @param host the machine of nodes that the trace does not name; null: they are machines of their own
         * @param hosts what machines are called here, by what the trace may call them
         */
        ForeignPlaces add(PrvReader reader, String name, @Nullable String host, Map<String, String> hosts) {
            Machine machine = reader.machine();
            int[] nodes = new int[machine.nodes().size()];
            for (int i = 0; i < nodes.length; i++) {
                Machine.Node node = machine.nodes().get(i);
                String called = host != null && UNNAMED.matcher(node.name()).matches() ? host : node.name();
                nodes[i] = node(here(called, hosts), node.cpus(), name);
            }
            ForeignPlaces part = new ForeignPlaces(reader, applications.size(), nodes);
            for (Machine.Application application : machine.applications()) {
                applications.add(part.moved(application, applications.size() + 1, name));
            }
            parts.add(part);
            return part;
        }

        private String here(String called, Map<String, String> hosts) {
            return names.contains(called)
                    ? called
                    : hosts.entrySet().stream()
                            .filter(each -> isSame(each.getKey(), called))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse(called);
        }

        private int node(String name, int count, String trace) {
            boolean unnamed = UNNAMED.matcher(name).matches() && !trace.isEmpty();
            for (int i = 0; i < names.size() && !unnamed; i++) {
                if (isSame(names.get(i), name)) {
                    cpus.set(i, Math.max(cpus.get(i), count));
                    return i;
                }
            }
            names.add(unnamed ? name + " of " + trace : name);
            cpus.add(count);
            return names.size() - 1;
        }

        /** To be called when all have been added. */
        Machine machine() {
            int[] first = new int[names.size()];
            List<Machine.Node> machines = new ArrayList<>();
            int next = 1;
            for (int i = 0; i < first.length; i++) {
                first[i] = next;
                next += cpus.get(i);
                machines.add(new Machine.Node(names.get(i), cpus.get(i)));
            }
            parts.forEach(part -> part.firstCpus = first);
            return new Machine(machines, applications);
        }
    }

    /** A host's whole name and its first part are the same host's. */
    static boolean isSame(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    private Machine.Application moved(Machine.Application application, int number, String name) {
        List<Machine.Task> tasks = new ArrayList<>();
        for (Machine.Task task : application.tasks()) {
            List<String> threads = task.threads().stream()
                    .map(thread -> renamed(thread, number, name))
                    .toList();
            tasks.add(new Machine.Task(nodes[task.node() - 1] + 1, threads));
        }
        return new Machine.Application(application.name(), tasks);
    }

    private static String renamed(String thread, int application, String trace) {
        Matcher number = OWN_NUMBER.matcher(thread);
        String moved = number.find() ? number.replaceFirst(application + "$1") : thread;
        return trace.isEmpty() ? moved : moved + " of " + trace;
    }

    /** The place of a record; a cpu that is not of the thread's machine is unknown, as Paraver would drop the record. */
    PrvWriter.Place place(int cpu, int row) {
        ThreadId thread = reader.thread(row);
        int node = reader.node(row);
        int first = theirs.firstCpu(node);
        boolean itsOwn =
                cpu >= first && cpu < first + theirs.nodes().get(node - 1).cpus();
        int moved = itsOwn ? firstCpus[nodes[node - 1]] + cpu - first : 0;
        return PrvWriter.place(
                moved, new ThreadId(applicationsBefore + thread.application(), thread.task(), thread.thread()));
    }

    /** Lines of communicators, of the applications as they are numbered now. Those that cannot be understood are left out. */
    List<String> communicators(List<String> lines) {
        List<String> moved = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(":");
            boolean known = parts.length > 3
                    && parts[0].equals("c")
                    && Arrays.stream(parts).skip(1).allMatch(part -> part.matches("\\d{1,9}"));
            if (known && Integer.parseInt(parts[1]) <= theirs.applications().size()) {
                parts[1] = Integer.toString(applicationsBefore + Integer.parseInt(parts[1]));
                moved.add(String.join(":", parts));
            }
        }
        return moved;
    }
}
