package io.colla.tracing.report;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trace once and keeps account of what its tasks, cores and main program did. Needs about 50 bytes for each task, and nothing for other records. Traces of COMPSs have the same events.
 * One use each; not thread-safe.
 */
final class Analysis implements PrvVisitor {
    private static final int MOST_DATA = 100_000;
    /** Transfers that a picture has at most: the first. */
    private static final int MOST_SHOWN = 50_000;

    static final int TRANSFER_FIELDS = 3;

    /** Values of the API event during which the main program waits. */
    private static final List<Integer> WAITS = List.of(5, 6, 7, 8, 9, 57, 58, 59);

    private static final int SUBMITS = 4;

    private final PrvReader trace;
    private final RowState[] rows;
    private final NodeSlots[] slots;
    private final int[] firstCpus;
    private final Sweep sweep;
    private final TaskTable tasks = new TaskTable();
    private final Map<Long, Integer> functionNumbers = new HashMap<>();
    /** Several values may have one name, such as methods of one name with different parameters. */
    private final Map<String, Integer> functionsByName = new HashMap<>();

    private final List<FunctionStats> functions = new ArrayList<>();
    private final Map<Long, long[]> transfers = new HashMap<>();
    private final Map<Long, long[]> data = new HashMap<>();
    private final NodeUse use;
    private final Quantiles gaps = new Quantiles();
    private final Quantiles around = new Quantiles();
    private final Calls calls = new Calls();
    private final Syncs syncs = new Syncs();
    private final Column shown = Column.ofLongs();
    private int transferCount;
    private long beforeSum;
    private long afterSum;
    private long dependencies;
    private int mainRow = -1;
    /** The task that ended last, or -1. */
    private int lastEnded = -1;
    /** The task on the longest chain that ends latest, or -1. */
    private int lastOfPath = -1;

    private PrvReader.Totals totals = new PrvReader.Totals(0, 0, 0, 0, false);

    private Analysis(PrvReader trace) {
        this.trace = trace;
        Machine machine = trace.machine();
        rows = new RowState[trace.rows()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new RowState();
        }
        int nodes = machine.nodes().size();
        slots = new NodeSlots[nodes];
        firstCpus = new int[nodes];
        int[] counts = Cores.of(trace);
        int all = 0;
        for (int node = 0; node < nodes; node++) {
            slots[node] = new NodeSlots(counts[node]);
            firstCpus[node] = machine.firstCpu(node + 1);
            all += counts[node];
        }
        sweep = new Sweep(all, trace.end());
        use = new NodeUse(machine);
    }

    /**
     * Reads a trace.
     *
     * @throws IOException if it cannot be read, or is none; says which, where and why
     */
    static Analysis of(Path prv) throws IOException {
        Analysis analysis = new Analysis(PrvReader.open(prv));
        analysis.totals = analysis.trace.read(analysis);
        analysis.finish();
        return analysis;
    }

    private void finish() {
        sweep.advance(Math.max(sweep.time(), trace.end()));
        for (int row = 0; row < rows.length; row++) {
            // What a killed process has left open.
            end(row);
            leave(row);
        }
        calls.end(sweep.time());
    }

    @Override
    public void event(int cpu, int row, long time, int type, long value) {
        sweep.advance(time);
        RowState state = rows[row];
        switch (type) {
            case EventTypes.TASK -> {
                end(row);
                if (value != 0) {
                    begin(cpu, row, value);
                }
            }
            case EventTypes.TASK_ID -> {
                if (value != 0 && state.task >= 0) {
                    identify(state, (int) value);
                }
            }
            case EventTypes.RUNTIME -> runtime(row, value);
            case EventTypes.CPUS -> {
                if (value > 0) {
                    state.cores = (int) Math.min(value, 1 << 16);
                }
            }
            case EventTypes.MEMORY -> state.memory = value;
            case EventTypes.READY_COUNT -> sweep.ready(value);
            case EventTypes.API -> api(row, value);
            case EventTypes.TASK_FAILED -> {
                if (value == 1) {
                    fail(state);
                }
            }
            default -> use.event(trace.node(row) - 1, sweep.time(), type, value);
        }
    }

    /** Others write what the runtime does within its seeing to a task as further events of the type, and an end for each. */
    private void runtime(int row, long value) {
        RowState state = rows[row];
        if (value == EventTypes.TASK_RUNNING) {
            take(row);
        } else if (value != 0) {
            state.nested += state.taken ? 1 : 0;
        } else if (state.nested > 0) {
            state.nested--;
        } else if (state.task < 0) {
            leave(row);
        }
    }

    private void take(int row) {
        RowState state = rows[row];
        if (state.taken && (state.task >= 0 || state.last < 0 || state.endedAt < state.takenAt)) {
            return;
        }
        leave(row);
        state.taken = true;
        state.takenAt = sweep.time();
        state.seeingTo = state.hasCores();
        sweep.seesTo(state.seeingTo);
    }

    private void leave(int row) {
        RowState state = rows[row];
        if (!state.taken) {
            return;
        }
        state.taken = false;
        state.nested = 0;
        sweep.seesTo(-state.seeingTo);
        state.seeingTo = 0;
        if (state.last >= 0 && state.endedAt >= state.takenAt && !tasks.part(state.last)) {
            long after = sweep.time() - state.endedAt;
            FunctionStats function = functions.get(tasks.function(state.last));
            function.around.add(state.before + after);
            function.before += state.before;
            function.seenBefore++;
            around.add(state.before + after);
            beforeSum += state.before;
            afterSum += after;
        }
        state.cores = 0;
        state.memory = 0;
    }

    private void begin(int cpu, int row, long value) {
        RowState state = rows[row];
        long now = sweep.time();
        int node = trace.node(row) - 1;
        state.before = state.taken ? now - state.takenAt : 0;
        if (state.taken) {
            sweep.seesTo(-state.seeingTo);
            state.seeingTo = 0;
        }
        state.running = state.hasCores();
        NodeSlots there = slots[node];
        int known = there.count();
        int wanted = cpu > 0 ? cpu - firstCpus[node] : -1;
        state.slots = there.take(
                wanted,
                state.running,
                now,
                sweep.readyTime(),
                (idle, ready) -> gaps.add(Math.min(idle, sweep.readyKnown() ? ready : idle)));
        if (there.count() > known) {
            sweep.moreCores(there.count() - known);
        }
        sweep.runs(state.running);
        state.task = tasks.add(now, row, function(value));
        use.holds(node, now, state.running, state.memory);
    }

    private int function(long value) {
        return functionNumbers.computeIfAbsent(
                value,
                number -> functionsByName.computeIfAbsent(
                        Names.function(trace.labels().value(EventTypes.TASK, number)), name -> {
                            functions.add(new FunctionStats(name));
                            return functions.size() - 1;
                        }));
    }

    private void identify(RowState state, int id) {
        int other = tasks.place(id);
        if (other >= 0 && other != state.task && !tasks.isOver(other)) {
            tasks.isPart(state.task);
        } else {
            tasks.identify(state.task, id);
            syncs.began(id);
        }
    }

    private void end(int row) {
        RowState state = rows[row];
        int task = state.task;
        if (task < 0) {
            return;
        }
        long now = sweep.time();
        int node = trace.node(row) - 1;
        tasks.end(task, now);
        long lasted = tasks.duration(task);
        followed(row, task, lasted);
        lastEnded = task;
        slots[node].free(state.slots, lasted, now, sweep.readyTime());
        sweep.runs(-state.running);
        use.holds(node, now, -state.running, -state.memory);
        FunctionStats function = functions.get(tasks.function(task));
        if (tasks.part(task)) {
            function.coreTime += lasted * state.running;
        } else {
            function.ended(task, lasted, state.running, state.memory, node);
        }
        if (state.taken) {
            state.seeingTo = state.running;
            sweep.seesTo(state.seeingTo);
        }
        state.task = -1;
        state.last = task;
        state.endedAt = now;
    }

    /** Finds after which of its predecessors, or of those that the main program waited for before it called the task, it could begin: that which ends the longest chain. */
    private void followed(int row, int task, long lasted) {
        TimeHeap coming = rows[row].coming;
        int best = -1;
        long path = 0;
        long begin = tasks.begin(task);
        long end = sweep.time();
        while (!coming.isEmpty() && (coming.time() <= begin || coming.time() < end)) {
            int predecessor = coming.number();
            coming.remove();
            if (predecessor != task && tasks.path(predecessor) > path) {
                best = predecessor;
                path = tasks.path(predecessor);
            }
        }
        int waitedFor = syncs.before(tasks.id(task));
        if (waitedFor >= 0 && waitedFor != task && tasks.path(waitedFor) > path) {
            best = waitedFor;
            path = tasks.path(waitedFor);
        }
        tasks.follows(task, best, path + lasted);
        if (lastOfPath < 0 || path + lasted > tasks.path(lastOfPath)) {
            lastOfPath = task;
        }
    }

    private void fail(RowState state) {
        int failed = state.task >= 0 ? state.task : state.last;
        if (failed >= 0 && !tasks.failed(failed) && !tasks.part(failed)) {
            tasks.fail(failed);
            functions.get(tasks.function(failed)).failed++;
        }
    }

    private void api(int row, long value) {
        if (mainRow < 0) {
            mainRow = row;
        }
        if (row == mainRow) {
            if (waits((int) calls.current()) && lastEnded >= 0 && tasks.endOf(lastEnded) >= calls.since()) {
                int earlier = syncs.last();
                syncs.add(earlier >= 0 && tasks.path(earlier) > tasks.path(lastEnded) ? earlier : lastEnded);
            }
            if (submits((int) value)) {
                syncs.called();
            }
            calls.event(value, sweep.time());
            sweep.main(
                    waits((int) value)
                            ? Sweep.Main.WAITS
                            : submits((int) value) ? Sweep.Main.SUBMITS : Sweep.Main.OWN_CODE);
        }
    }

    @Override
    public void communication(
            int fromCpu,
            int fromRow,
            long sent,
            long left,
            int toCpu,
            int toRow,
            long awaited,
            long received,
            long size,
            long tag) {
        sweep.advance(sent);
        if (size == 0) {
            int predecessor = tag > 0 && tag <= Integer.MAX_VALUE ? tasks.place((int) tag) : -1;
            if (predecessor >= 0) {
                dependencies++;
                rows[toRow].coming.add(received, predecessor);
            }
            return;
        }
        sweep.transfer(received);
        sent(fromRow, toRow, left, received);
        long pair = (long) trace.node(fromRow) << 32 | trace.node(toRow);
        count(transfers.computeIfAbsent(pair, p -> new long[3]), size, received - left);
        long[] datum = data.get(tag);
        if (datum == null && data.size() < MOST_DATA) {
            datum = new long[3];
            data.put(tag, datum);
        }
        if (datum != null) {
            count(datum, size, received - left);
        }
    }

    private void sent(int fromRow, int toRow, long left, long received) {
        if (transferCount < MOST_SHOWN) {
            shown.set(transferCount * TRANSFER_FIELDS, (long) trace.node(fromRow) << 32 | trace.node(toRow));
            shown.set(transferCount * TRANSFER_FIELDS + 1, left);
            shown.set(transferCount * TRANSFER_FIELDS + 2, received);
            transferCount++;
        }
    }

    private static void count(long[] sums, long bytes, long time) {
        sums[0]++;
        sums[1] += bytes;
        sums[2] += Math.max(0, time);
    }

    PrvReader trace() {
        return trace;
    }

    TaskTable tasks() {
        return tasks;
    }

    Sweep sweep() {
        return sweep;
    }

    List<FunctionStats> functions() {
        return functions;
    }

    NodeSlots slots(int node) {
        return slots[node];
    }

    Map<Long, long[]> transfers() {
        return transfers;
    }

    Map<Long, long[]> data() {
        return data;
    }

    /** Of the first transfers: nodes (from in the upper half), when it left, when it was there. */
    Column shownTransfers() {
        return shown;
    }

    int shownTransferCount() {
        return transferCount;
    }

    NodeUse use() {
        return use;
    }

    Quantiles gaps() {
        return gaps;
    }

    Quantiles around() {
        return around;
    }

    Calls calls() {
        return calls;
    }

    long beforeSum() {
        return beforeSum;
    }

    long afterSum() {
        return afterSum;
    }

    PrvReader.Totals totals() {
        return totals;
    }

    /** The places of the tasks on the longest chain, in order; null if the trace does not tell which task needed which. */
    @Nullable
    List<Integer> path() {
        if (dependencies == 0 || lastOfPath < 0) {
            return null;
        }
        List<Integer> places = new ArrayList<>();
        for (int place = lastOfPath; place >= 0; place = tasks.predecessor(place)) {
            places.add(place);
        }
        Collections.reverse(places);
        return places;
    }

    /** Whether the main program waits while the API event has the value. */
    static boolean waits(int value) {
        return WAITS.contains(value);
    }

    /** Whether it calls a task. */
    static boolean submits(int value) {
        return value == SUBMITS;
    }
}
