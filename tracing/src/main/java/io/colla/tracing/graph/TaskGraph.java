package io.colla.tracing.graph;

import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a run's tasks, with the main program's waits. About 40 bytes for each task and 20 for each of its dependencies.
 *
 * <p>Waits without a call between them are one node. A task that needs nothing of another is put after the wait before it, and a barrier after those tasks that nobody needs yet. Barriers at the end
 * are left out: every program has them.
 */
public final class TaskGraph implements Picture {
    private static final String[] WORDS = {
        "was not over when the run ended", "done", "failed", "was cancelled", "failed, which was ignored"
    };
    private static final int ALL = -1;
    private static final int NONE = -1;

    private final List<String> functions = new ArrayList<>();
    private final Map<Integer, Integer> functionOf = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();

    // By node
    private final Numbers kinds = new Numbers();
    private final Numbers numbers = new Numbers();
    private final Numbers functionsOf = new Numbers();
    private final Numbers groups = new Numbers();
    private final Numbers states = new Numbers();
    private final Numbers needed = new Numbers();

    // By edge
    private final Numbers froms = new Numbers();
    private final Numbers tos = new Numbers();
    private final Numbers data = new Numbers();
    private final Numbers versions = new Numbers();

    /** The node of a task, and 1; 0 for none. */
    private final Numbers nodeOf = new Numbers();
    /** Who makes a version together, until somebody reads it. */
    private final Map<Long, Numbers> makers = new HashMap<>();
    /** The node of a version that was made together. */
    private final Map<Long, Integer> together = new HashMap<>();
    /** Tasks called since the last barrier, by group. */
    private final Map<Integer, Numbers> called = new HashMap<>();
    /** What the wait under way has waited for already. */
    private final Set<Long> awaited = new HashSet<>();

    /** The call under way: its task, or 0, its definition and group, and what it reads and joins as triples. */
    private int call;

    private int definition;
    private int group;
    private final Numbers reads = new Numbers();
    private final Numbers joins = new Numbers();

    /** The newest wait; after it nothing was called yet, as long as {@link #isOpen}. */
    private int wait = NONE;

    private boolean isOpen;
    private int waits;
    private int tasks;
    private int nodes;
    private int edges;

    private TaskGraph() {}

    /**
     * Reads what a run has recorded of its graph.
     *
     * @return null if it has recorded none
     * @throws IOException if a log cannot be read
     */
    public static @Nullable TaskGraph read(Path runFolder) throws IOException {
        for (Path file : GraphFolder.recorded(runFolder)) {
            try (LogReader log = LogReader.open(file)) {
                for (Map<String, String> thread : log.described("thread")) {
                    if ("graph".equals(thread.get("kind"))) {
                        return new TaskGraph().take(log, Integer.parseInt(thread.getOrDefault("number", "0")));
                    }
                }
            }
        }
        return null;
    }

    private TaskGraph take(LogReader log, int thread) throws IOException {
        for (Map<String, String> function : log.described("function")) {
            names.put(Integer.parseInt(function.getOrDefault("number", "0")), function.getOrDefault("name", "task"));
        }
        LogReader.Cursor records = log.cursor(thread);
        while (records.next()) {
            take(records.type(), records.detail(), records.value());
        }
        endCall();
        nodes = kinds.size();
        while (nodes > 0 && kinds.get(nodes - 1) == Kind.BARRIER.ordinal()) {
            nodes--;
        }
        edges = froms.size();
        while (edges > 0 && tos.get(edges - 1) >= nodes) {
            edges--;
        }
        return this;
    }

    private void take(int type, int detail, long value) {
        switch (type) {
            case Records.GRAPH_TASK -> {
                endCall();
                call = Records.taskOf(value);
                group = Records.highOf(value);
                definition = detail;
            }
            case Records.GRAPH_READ -> add(reads, detail, value);
            case Records.GRAPH_JOIN -> add(joins, detail, value);
            case Records.GRAPH_SYNC -> {
                endCall();
                sync(detail, Records.taskOf(value), Records.highOf(value));
            }
            case Records.GRAPH_BARRIER -> {
                endCall();
                barrier(detail);
            }
            case Records.GRAPH_ENDED -> {
                endCall();
                int node = nodeOf(Records.taskOf(value));
                if (node != NONE) {
                    states.set(node, detail);
                }
            }
            default -> {}
        }
    }

    private static void add(Numbers to, int datum, long value) {
        to.add(datum);
        to.add(Records.taskOf(value));
        to.add(Records.highOf(value));
    }

    /** All that is recorded of the call is known: its node follows those that it needs. */
    private void endCall() {
        if (call == 0) {
            return;
        }
        for (int i = 0; i < reads.size(); i += 3) {
            reads.set(i + 1, source(reads.get(i), reads.get(i + 1), reads.get(i + 2)));
        }
        int node = add(Kind.TASK, call, function(definition), group);
        nodeOf.reach(call);
        nodeOf.set(call, node + 1);
        boolean needsNothing = true;
        for (int i = 0; i < reads.size(); i += 3) {
            if (reads.get(i + 1) != NONE) {
                edge(reads.get(i + 1), node, reads.get(i), reads.get(i + 2));
                needsNothing = false;
            }
        }
        if (needsNothing && wait != NONE) {
            edge(wait, node, NONE, 0);
        }
        for (int i = 0; i < joins.size(); i += 3) {
            makers.computeIfAbsent(version(joins.get(i), joins.get(i + 2)), v -> new Numbers())
                    .add(node);
        }
        called.computeIfAbsent(ALL, g -> new Numbers()).add(node);
        if (group >= 0) {
            called.computeIfAbsent(group, g -> new Numbers()).add(node);
        }
        reads.clear();
        joins.clear();
        call = 0;
        isOpen = false;
        tasks++;
    }

    private int function(int number) {
        return functionOf.computeIfAbsent(number, d -> {
            functions.add(names.getOrDefault(d, "task"));
            return functions.size() - 1;
        });
    }

    private int add(Kind kind, int number, int function, int inGroup) {
        kinds.add(kind.ordinal());
        numbers.add(number);
        functionsOf.add(function);
        groups.add(inGroup);
        states.add(0);
        needed.add(0);
        return kinds.size() - 1;
    }

    private int nodeOf(int number) {
        return number > 0 && number < nodeOf.size() ? nodeOf.get(number) - 1 : NONE;
    }

    private static long version(int datum, int version) {
        return Records.pair(datum, version);
    }

    /** The node that a version comes from; none for what the main program has given. */
    private int source(int datum, int writer, int version) {
        if (writer != Records.TOGETHER) {
            return nodeOf(writer);
        }
        long made = version(datum, version);
        Numbers by = makers.remove(made);
        if (by != null) {
            int node = add(Kind.TOGETHER, datum, NONE, NONE);
            versions(node, version);
            for (int i = 0; i < by.size(); i++) {
                edge(by.get(i), node, datum, version);
            }
            together.put(made, node);
        }
        return together.getOrDefault(made, NONE);
    }

    /** Keeps a version where a task has its state. */
    private void versions(int node, int version) {
        states.set(node, version);
    }

    private void edge(int from, int to, int datum, int version) {
        froms.add(from);
        tos.add(to);
        data.add(datum);
        versions.add(version);
        needed.set(from, 1);
    }

    private void sync(int datum, int writer, int version) {
        int from = source(datum, writer, version);
        if (from == NONE) {
            return;
        }
        if (!isOpen || kinds.get(wait) != Kind.SYNC.ordinal() || from > wait) {
            open(Kind.SYNC);
        }
        if (awaited.add(version(datum, version))) {
            edge(from, wait, datum, version);
        }
    }

    private void barrier(int of) {
        Numbers since = called.remove(of);
        if (since == null) {
            return;
        }
        int before = wait;
        open(Kind.BARRIER);
        boolean first = true;
        for (int i = 0; i < since.size(); i++) {
            if (needed.get(since.get(i)) == 0) {
                edge(since.get(i), wait, NONE, 0);
                first = false;
            }
        }
        if (first && before != NONE) {
            edge(before, wait, NONE, 0);
        }
        if (of == ALL) {
            called.clear();
        }
    }

    private void open(Kind kind) {
        wait = add(kind, ++waits, NONE, NONE);
        isOpen = true;
        awaited.clear();
    }

    // What was read

    /** Tasks that were called. */
    public int tasks() {
        return tasks;
    }

    @Override
    public List<String> functions() {
        return functions;
    }

    @Override
    public int nodes() {
        return nodes;
    }

    @Override
    public Node node(int index) {
        Kind kind = Kind.values()[kinds.get(index)];
        int number = numbers.get(index);
        return switch (kind) {
            case SYNC ->
                new Node(kind, "Synchro" + number, "sync", NONE, Mark.DONE, "the main program waits for data", NONE);
            case BARRIER ->
                new Node(
                        kind, "Synchro" + number, "barrier", NONE, Mark.DONE, "the main program waits for tasks", NONE);
            case TOGETHER -> {
                String label = label(number, states.get(index));
                yield new Node(
                        kind,
                        "Together" + index,
                        label,
                        NONE,
                        Mark.DONE,
                        label + ", made by several tasks in any order",
                        NONE);
            }
            default -> {
                int state = states.get(index);
                String of = groups.get(index) < 0 ? "" : ", group " + groups.get(index);
                String title = functions.get(functionsOf.get(index)) + " #" + number + " " + WORDS[state] + of;
                yield new Node(
                        kind,
                        Integer.toString(number),
                        Integer.toString(number),
                        functionsOf.get(index),
                        mark(state),
                        title,
                        groups.get(index));
            }
        };
    }

    private static Mark mark(int state) {
        return switch (state) {
            case Records.DONE -> Mark.DONE;
            case Records.FAILED, Records.IGNORED -> Mark.FAILED;
            case Records.CANCELLED -> Mark.CANCELLED;
            default -> Mark.UNFINISHED;
        };
    }

    /** As many rows above each node as nodes have to come before it, one after the other. */
    @Override
    public int[] rows() {
        int[] rows = new int[nodes];
        // Edges come with the node that they lead to, and from nodes before it.
        for (int i = 0; i < edges; i++) {
            int to = tos.get(i);
            rows[to] = Math.max(rows[to], rows[froms.get(i)] + 1);
        }
        return rows;
    }

    @Override
    public int edges() {
        return edges;
    }

    @Override
    public int from(int edge) {
        return froms.get(edge);
    }

    @Override
    public int to(int edge) {
        return tos.get(edge);
    }

    @Override
    public String label(int edge) {
        return label(data.get(edge), versions.get(edge));
    }

    /** As COMPSs labels it, which counts data from 1. */
    private static String label(int datum, int version) {
        return datum < 0 ? "" : "d" + (datum + 1) + "v" + version;
    }
}
