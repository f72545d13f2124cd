package io.colla.tracing.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a timeline draws: the tasks of each thread, or, where there are more than {@value #MOST}, what many short ones in a row have in common, so that a page stays small. In the order of rows,
 * and of time within a row.
 */
final class Segments {
    static final int MOST = 300_000;
    private static final int FAILED = 1;
    private static final int ON_PATH = 2;
    private static final int FULL = 1000;
    private static final long UNSIGNED_INT = 0xffff_ffffL;

    private final TaskTable tasks;
    private final int[] shownRows;
    private final long unit;
    private final long width;
    private final boolean exact;

    private final Column rows = Column.ofInts();
    private final Column begins = Column.ofLongs();
    private final Column ends = Column.ofLongs();
    private final Column functions = Column.ofInts();
    private final Column ids = Column.ofInts();
    private final Column counts = Column.ofInts();
    private final Column busy = Column.ofLongs();
    private final Column flags = Column.ofInts();
    /** Of the segment's function: the time of its tasks in it, to find the one with most. */
    private final Column leading = Column.ofLongs();

    private int size;

    /** @param most tasks that are shown one by one, at least 1 */
    Segments(TaskTable tasks, int rowCount, long elapsed, Iterable<Integer> path, int most) {
        this.tasks = tasks;
        this.unit = elapsed / UNSIGNED_INT + 1;
        boolean[] used = new boolean[rowCount];
        for (int place = 0; place < tasks.size(); place++) {
            used[tasks.row(place)] = true;
        }
        int rowsUsed = 0;
        shownRows = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            shownRows[row] = used[row] ? rowsUsed++ : -1;
        }
        exact = tasks.size() <= most;
        width = exact ? 0 : elapsed * Math.max(1, rowsUsed) / most + 1;
        Column onPath = Column.ofInts();
        path.forEach(place -> onPath.set(place, 1));
        int[] open = new int[rowsUsed];
        Arrays.fill(open, -1);
        for (int place = 0; place < tasks.size(); place++) {
            add(place, onPath.getInt(place) != 0, open);
        }
    }

    private void add(int place, boolean onPath, int[] open) {
        int row = shownRows[tasks.row(place)];
        int segment = open[row];
        long begin = tasks.begin(place);
        boolean apart = exact || onPath || tasks.failed(place) || tasks.duration(place) >= width;
        if (!apart && segment >= 0 && begin < begins.get(segment) + width) {
            join(segment, place);
            return;
        }
        int added = size++;
        rows.set(added, row);
        begins.set(added, begin);
        ends.set(added, tasks.endOf(place));
        functions.set(added, tasks.function(place));
        ids.set(added, tasks.id(place));
        counts.set(added, 1);
        busy.set(added, tasks.duration(place));
        leading.set(added, tasks.duration(place));
        flags.set(added, (tasks.failed(place) ? FAILED : 0) | (onPath ? ON_PATH : 0));
        open[row] = apart ? -1 : added;
    }

    private void join(int segment, int place) {
        counts.set(segment, counts.get(segment) + 1);
        ids.set(segment, 0);
        ends.set(segment, tasks.endOf(place));
        busy.set(segment, busy.get(segment) + tasks.duration(place));
        long lead = leading.get(segment);
        // A vote by time: the function with more than half of it wins.
        if (functions.getInt(segment) == tasks.function(place)) {
            leading.set(segment, lead + tasks.duration(place));
        } else if (lead >= tasks.duration(place)) {
            leading.set(segment, lead - tasks.duration(place));
        } else {
            functions.set(segment, tasks.function(place));
            leading.set(segment, tasks.duration(place) - lead);
        }
    }

    int size() {
        return size;
    }

    /** Whether each is one task. */
    boolean exact() {
        return exact;
    }

    /** Nanoseconds of one step of times. */
    long unit() {
        return unit;
    }

    /** For each row of the trace its place among those with tasks; -1 for others. */
    int[] shownRows() {
        return shownRows;
    }

    /**
     * Little-endian columns in base 64, one after the other: for each row shown and one more the first segment (4 bytes); then for all segments begin, length (4 each), task (4; 0 for several),
     * function (2), flags (1: 1 failed, 2 on the critical path); if they are not exact, also tasks (4) and thousandths of the time in tasks (2).
     */
    String base64() {
        int rowsUsed = (int) Arrays.stream(shownRows).filter(row -> row >= 0).count();
        int[] first = new int[rowsUsed + 1];
        for (int i = 0; i < size; i++) {
            first[rows.getInt(i) + 1]++;
        }
        for (int row = 0; row < rowsUsed; row++) {
            first[row + 1] += first[row];
        }
        int[] order = new int[size];
        int[] next = first.clone();
        for (int i = 0; i < size; i++) {
            order[next[rows.getInt(i)]++] = i;
        }
        ByteBuffer bytes = ByteBuffer.allocate((rowsUsed + 1) * 4 + size * (exact ? 15 : 21))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int begin : first) {
            bytes.putInt(begin);
        }
        for (int i : order) {
            bytes.putInt((int) (begins.get(i) / unit));
        }
        for (int i : order) {
            bytes.putInt((int) ((ends.get(i) - begins.get(i)) / unit));
        }
        for (int i : order) {
            bytes.putInt(ids.getInt(i));
        }
        if (!exact) {
            for (int i : order) {
                bytes.putInt(counts.getInt(i));
            }
        }
        for (int i : order) {
            bytes.putShort((short) functions.getInt(i));
        }
        if (!exact) {
            for (int i : order) {
                long length = Math.max(1, ends.get(i) - begins.get(i));
                bytes.putShort((short) Math.min(FULL, busy.get(i) * FULL / length));
            }
        }
        for (int i : order) {
            bytes.put((byte) flags.getInt(i));
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
