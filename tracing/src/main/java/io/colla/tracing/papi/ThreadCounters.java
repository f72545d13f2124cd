package io.colla.tracing.papi;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import io.colla.tracing.log.ThreadLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one thread has counted. For that thread alone. */
public final class ThreadCounters implements AutoCloseable {
    private final Papi papi;
    private final int set;
    private final List<Counter> counters;
    private final int[] types;
    private final Memory values;
    private final long[] before;

    private ThreadCounters(Papi papi, int set, List<Counter> counters) {
        this.papi = papi;
        this.set = set;
        this.counters = counters;
        types = counters.stream().mapToInt(Counter::type).toArray();
        values = new Memory((long) Long.BYTES * types.length);
        before = new long[types.length];
    }

    /** @return null if none of them can be counted */
    static @Nullable ThreadCounters begin(Papi papi, List<Counter> wanted) {
        IntByReference set = new IntByReference(Papi.NO_SET);
        if (papi.PAPI_create_eventset(set) != Papi.OK) {
            return null;
        }
        List<Counter> added = new ArrayList<>();
        for (Counter counter : wanted) {
            // Some that the processor has cannot be counted beside others.
            if (papi.PAPI_add_event(set.getValue(), counter.code()) == Papi.OK) {
                added.add(counter);
            }
        }
        if (added.isEmpty() || papi.PAPI_start(set.getValue()) != Papi.OK) {
            papi.PAPI_cleanup_eventset(set.getValue());
            papi.PAPI_destroy_eventset(set);
            return null;
        }
        return new ThreadCounters(papi, set.getValue(), added);
    }

    List<Counter> counters() {
        return counters;
    }

    /** Records for each counter how much it has grown since the last call. */
    public void record(ThreadLog log, long time) {
        if (papi.PAPI_read(set, values) != Papi.OK) {
            return;
        }
        for (int i = 0; i < types.length; i++) {
            long now = values.getLong((long) Long.BYTES * i);
            log.record(time, types[i], 0, now - before[i]);
            before[i] = now;
        }
    }

    @Override
    public void close() {
        papi.PAPI_stop(set, values);
        papi.PAPI_cleanup_eventset(set);
        papi.PAPI_destroy_eventset(new IntByReference(set));
        papi.PAPI_unregister_thread();
        values.close();
    }
}
