package io.colla.tracing.report;

/** All tasks of a trace, as columns of numbers: about 45 bytes each. Tasks are given by their place, from 0, in the order in which they began. Not thread-safe. */
final class TaskTable {
    private static final int FAILED = 1;
    private static final int PART = 2;
    private static final int FLAGS = 2;

    private final Column begins = Column.ofLongs();
    private final Column durations = Column.ofLongs();
    private final Column paths = Column.ofLongs();
    private final Column ids = Column.ofInts();
    private final Column before = Column.ofInts();
    private final Column rows = Column.ofInts();
    private final Column functions = Column.ofInts();
    private final Column placesOfIds = Column.ofInts();
    private int size;

    int size() {
        return size;
    }

    int add(long begin, int row, int function) {
        int place = size++;
        begins.set(place, begin);
        rows.set(place, row);
        functions.set(place, (long) function << FLAGS);
        durations.set(place, -1);
        before.set(place, 0);
        return place;
    }

    /** Says which task it is. Of attempts of one task, the last is what others follow. */
    void identify(int place, int id) {
        ids.set(place, id);
        if (id > 0) {
            placesOfIds.set(id, place + 1L);
        }
    }

    /** Where the task with that number is; -1 if it was not seen. */
    int place(int id) {
        return id <= 0 ? -1 : placesOfIds.getInt(id) - 1;
    }

    void end(int place, long time) {
        durations.set(place, Math.max(0, time - begin(place)));
    }

    boolean isOver(int place) {
        return durations.get(place) >= 0;
    }

    void fail(int place) {
        functions.set(place, functions.get(place) | FAILED);
    }

    /** It is a part of a task that runs in several places at once, and another is counted. */
    void isPart(int place) {
        functions.set(place, functions.get(place) | PART);
    }

    /** Says after which task it could begin, and how long the longest chain of tasks is that ends with it. */
    void follows(int place, int predecessor, long path) {
        before.set(place, predecessor + 1L);
        paths.set(place, path);
    }

    long begin(int place) {
        return begins.get(place);
    }

    long duration(int place) {
        return Math.max(0, durations.get(place));
    }

    long endOf(int place) {
        return begin(place) + duration(place);
    }

    int id(int place) {
        return ids.getInt(place);
    }

    int row(int place) {
        return rows.getInt(place);
    }

    int function(int place) {
        return functions.getInt(place) >>> FLAGS;
    }

    boolean failed(int place) {
        return (functions.getInt(place) & FAILED) != 0;
    }

    boolean part(int place) {
        return (functions.getInt(place) & PART) != 0;
    }

    /** The predecessor on the longest chain; -1 if there is none. */
    int predecessor(int place) {
        return before.getInt(place) - 1;
    }

    long path(int place) {
        return paths.get(place);
    }
}
