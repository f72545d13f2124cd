package io.colla.tracing.export;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.PcfLabels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is under way in each thread. Events say "now this" and "now nothing" for each type by itself; programs that draw slices want them nested, so what began within something ends with it at
 * the latest.
 */
final class OpenSpans {
    /** These last as long as the thread or say what a task is, not what is done. */
    private static final Set<Integer> NO_SPANS = Set.of(
            EventTypes.TASK_TYPE,
            EventTypes.TASK_FAILED,
            EventTypes.THREAD_TYPE,
            EventTypes.EXECUTOR_COUNT,
            EventTypes.EXECUTOR_ACTIVITY);

    private final Set<Integer> types = new HashSet<>();
    private final List<List<Span>> threads = new ArrayList<>();

    /** One thing under way, from its begin in nanoseconds. */
    record Span(int type, long value, long begin) {}

    /** Is told each span when it ends. */
    interface Ended {
        void span(int row, Span span, long end);
    }

    OpenSpans(PcfLabels labels, int rows) {
        for (EventType type : labels.types().values()) {
            // Ours call it End, Extrae's are "Outside MPI" and the like.
            if (type.values().containsKey(0L) && !NO_SPANS.contains(type.number())) {
                types.add(type.number());
            }
        }
        types.add(EventTypes.USER);
        for (int row = 0; row < rows; row++) {
            threads.add(new ArrayList<>());
        }
    }

    /** Whether values of the type begin and end something. */
    boolean has(int type) {
        return types.contains(type);
    }

    void event(int row, long time, int type, long value, Ended told) {
        List<Span> open = threads.get(row);
        if (value != 0) {
            open.add(new Span(type, value, time));
            return;
        }
        int last = open.size() - 1;
        while (last >= 0 && open.get(last).type() != type) {
            last--;
        }
        // An end without a begin: what it belongs to was ended by what was around it.
        if (last >= 0) {
            end(row, open, last, time, told);
        }
    }

    private static void end(int row, List<Span> open, int from, long time, Ended told) {
        for (int i = open.size() - 1; i >= from; i--) {
            told.span(row, open.remove(i), time);
        }
    }

    /** Ends what the trace does not. */
    void end(long time, Ended told) {
        for (int row = 0; row < threads.size(); row++) {
            end(row, threads.get(row), 0, time, told);
        }
    }
}
