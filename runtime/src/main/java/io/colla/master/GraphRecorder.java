package io.colla.master;

import io.colla.api.Direction;
import io.colla.core.CallListener;
import io.colla.core.Submission;
import io.colla.core.TaskRecord;
import io.colla.core.TaskState;
import io.colla.core.TaskTemplate;
import io.colla.tracing.Records;
import io.colla.tracing.graph.GraphFolder;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records which task needs what of which other: the graph of the run's tasks, as the application calls them. Versions are numbered as COMPSs does it: what the main program gives is the first.
 * Memory: 8 bytes for each datum that the application may still name. Used by the thread that owns the engine.
 */
final class GraphRecorder implements CallListener, Closeable {
    private static final int FIRST_VERSION = 1;
    /** The main program, as the writer of a version. */
    private static final int MAIN = 0;

    /**
     * Updates of a datum without an order among themselves, until somebody accesses it in another way.
     *
     * @param from the version that they start from
     */
    private record Together(boolean concurrent, int from) {}

    private final TraceLog log;
    private final boolean owned;
    private final ThreadLog records;
    private final BitSet named = new BitSet();
    private final NewestVersions newest = new NewestVersions();
    private final Map<Integer, Together> together = new HashMap<>();
    private long last = System.nanoTime();

    private GraphRecorder(TraceLog log, boolean owned) {
        this.log = log;
        this.owned = owned;
        this.records = log.thread("graph", 1);
    }

    /** In a log that has other things too. */
    static GraphRecorder in(TraceLog log) {
        return new GraphRecorder(log, false);
    }

    /**
     * In a log of its own, if the run is to have a graph.
     *
     * @return null if not
     */
    static @Nullable GraphRecorder open(Path runFolder) throws IOException {
        if (!GraphFolder.isWanted(runFolder)) {
            return null;
        }
        return new GraphRecorder(TraceLog.open(GraphFolder.log(runFolder), Map.of("role", "master")), true);
    }

    @Override
    public void called(Submission submission, long now) {
        last = Math.max(last, now);
        TaskTemplate template = submission.template();
        name(template);
        int task = submission.task();
        record(Records.GRAPH_TASK, template.definition(), Records.pair(task, submission.group()));
        int[] data = submission.data();
        Direction[] directions = submission.directions();
        boolean unordered = false;
        for (int i = 0; i < data.length; i++) {
            if (isUnordered(directions[i])) {
                unordered = true;
            } else if (directions[i].reads()) {
                close(data[i]);
                if (i == 0 || data[i] != data[i - 1]) { // f(x, x) needs x once
                    record(Records.GRAPH_READ, data[i], newest.get(data[i]));
                }
            }
        }
        for (int i = 0; unordered && i < data.length; i++) {
            if (isUnordered(directions[i])) {
                join(data[i], directions[i] == Direction.CONCURRENT);
            }
        }
        for (int i = 0; i < data.length; i++) {
            if (directions[i] == Direction.OUT || directions[i] == Direction.INOUT) {
                close(data[i]);
                newest.put(data[i], Records.pair(task, Records.highOf(newest.get(data[i])) + 1));
            }
        }
    }

    private static boolean isUnordered(Direction direction) {
        return direction == Direction.COMMUTATIVE || direction == Direction.CONCURRENT;
    }

    private void name(TaskTemplate template) {
        int definition = template.definition();
        if (!named.get(definition)) {
            named.set(definition);
            log.describe("function", Map.of("number", Integer.toString(definition), "name", template.name()));
        }
    }

    private void join(int datum, boolean concurrent) {
        Together others = together.get(datum);
        if (others == null || others.concurrent != concurrent) {
            close(datum);
            others = new Together(concurrent, Records.highOf(newest.get(datum)));
            together.put(datum, others);
        }
        record(Records.GRAPH_READ, datum, newest.get(datum));
        record(Records.GRAPH_JOIN, datum, Records.pair(concurrent ? 1 : 0, others.from + 1));
    }

    /** What tasks have made of the datum together is its newest version from now on. */
    private void close(int datum) {
        Together over = together.isEmpty() ? null : together.remove(datum);
        if (over != null) {
            newest.put(datum, Records.pair(Records.TOGETHER, over.from + 1));
        }
    }

    @Override
    public void awaited(int datum, long now) {
        last = Math.max(last, now);
        close(datum);
        record(Records.GRAPH_SYNC, datum, newest.get(datum));
    }

    @Override
    public void barrier(int group) {
        record(Records.GRAPH_BARRIER, group, 0);
    }

    @Override
    public void closed(int datum) {
        together.remove(datum);
        newest.remove(datum);
    }

    /** @param ignored whether it has failed and the application goes on as if it had not */
    void ended(TaskRecord task, boolean ignored) {
        TaskState state = task.state();
        int how = Records.CANCELLED;
        if (state == TaskState.DONE) {
            how = ignored ? Records.IGNORED : Records.DONE;
        } else if (state == TaskState.FAILED) {
            how = Records.FAILED;
        }
        record(Records.GRAPH_ENDED, how, task.id());
    }

    private void record(int type, int detail, long value) {
        records.record(last, type, detail, value);
    }

    @Override
    public void close() throws IOException {
        if (owned) {
            log.close();
        }
    }

    /** The newest version of each datum and who wrote it, as {@link Records#pair}. Data are numbered without many gaps, so pages are nearly full until they are empty. */
    private static final class NewestVersions {
        private static final int PAGE = 1 << 10;

        private static final class Page {
            final long[] values = new long[PAGE];
            int used;
        }

        private static final long GIVEN = Records.pair(MAIN, FIRST_VERSION);

        private final Map<Integer, Page> pages = new HashMap<>();

        long get(int datum) {
            Page page = pages.get(datum / PAGE);
            long value = page == null ? 0 : page.values[datum % PAGE];
            return value == 0 ? GIVEN : value;
        }

        void put(int datum, long value) {
            Page page = pages.computeIfAbsent(datum / PAGE, p -> new Page());
            page.used += page.values[datum % PAGE] == 0 ? 1 : 0;
            page.values[datum % PAGE] = value;
        }

        void remove(int datum) {
            Page page = pages.get(datum / PAGE);
            if (page != null && page.values[datum % PAGE] != 0) {
                page.values[datum % PAGE] = 0;
                if (--page.used == 0) {
                    pages.remove(datum / PAGE);
                }
            }
        }
    }
}
