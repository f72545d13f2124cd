package io.colla.worker;

import io.colla.wire.Message.Access;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Source;
import io.colla.worker.store.ContentStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings the inputs that tasks wait for, each content once however many want it. Thread-safe; calls others without a lock. */
final class InputFetches implements Fetcher.Listener {
    /** Told what becomes of the inputs. */
    interface Listener {
        void arrived(int content);

        /** All inputs of the job are here. */
        void complete(Job job);

        /** The job cannot begin. */
        void failed(Job job, int content, int[] workers, String why);
    }

    private record Waiter(Job job, List<Source> sources) {}

    private static final class Pending {
        final boolean file;
        final Set<Source> asked = new LinkedHashSet<>();
        final List<Waiter> waiters = new ArrayList<>();
        boolean dropped;

        Pending(boolean file) {
            this.file = file;
        }
    }

    private final ContentStore store;
    private final @Nullable Fetcher fetcher;
    private final Listener listener;
    private final Map<Integer, Pending> pending = new HashMap<>();

    InputFetches(ContentStore store, @Nullable Fetcher fetcher, Listener listener) {
        this.store = store;
        this.fetcher = fetcher;
        this.listener = listener;
    }

    /** Whether an access reads a content that must be in the store. */
    static boolean needsStore(Access access) {
        return access.input() >= 0
                && !access.inline()
                && (access.file() == null || access.file().input() == null);
    }

    /**
     * Brings what the job needs.
     *
     * @return whether nothing was missing; else the listener is told later, maybe before this returns
     */
    boolean bring(Job job, Run run) {
        List<Access> absent = null;
        for (Access access : run.accesses()) {
            if (needsStore(access) && !store.has(access.input())) {
                absent = absent == null ? new ArrayList<>(2) : absent;
                absent.add(access);
            }
        }
        if (absent == null) {
            return true;
        }
        List<Access> start = new ArrayList<>();
        boolean complete;
        synchronized (this) {
            // One more until all are asked for, so that the first to arrive does not complete the job.
            job.missing = 1;
            for (Access access : absent) {
                await(job, access, start);
            }
            complete = --job.missing == 0;
        }
        for (Access access : start) {
            start(access.input(), access.sources(), access.file() != null);
        }
        return complete;
    }

    private void await(Job job, Access access, List<Access> start) {
        Pending fetch = pending.get(access.input());
        if (fetch == null) {
            if (store.has(access.input())) {
                return;
            }
            fetch = new Pending(access.file() != null);
            fetch.asked.addAll(access.sources());
            pending.put(access.input(), fetch);
            start.add(access);
        }
        fetch.dropped = false;
        fetch.waiters.add(new Waiter(job, access.sources()));
        job.missing++;
    }

    private void start(int content, List<Source> sources, boolean file) {
        if (fetcher == null || sources.isEmpty()) {
            failed(content, new int[0], "it is not in this worker's store, and no other worker was named that has it");
        } else {
            fetcher.fetch(content, sources, file, this);
        }
    }

    @Override
    public void fetched(int content) {
        List<Job> complete = new ArrayList<>();
        boolean dropped;
        synchronized (this) {
            Pending fetch = pending.remove(content);
            if (fetch == null) {
                return;
            }
            for (Waiter waiter : fetch.waiters) {
                if (--waiter.job.missing == 0) {
                    complete.add(waiter.job);
                }
            }
            dropped = fetch.dropped;
        }
        if (dropped) {
            store.drop(content);
            return;
        }
        listener.arrived(content);
        complete.forEach(listener::complete);
    }

    @Override
    public void failed(int content, int[] workers, String why) {
        List<Waiter> hopeless = new ArrayList<>();
        List<Source> others = new ArrayList<>();
        boolean file;
        synchronized (this) {
            Pending fetch = pending.get(content);
            if (fetch == null) {
                return;
            }
            file = fetch.file;
            fetch.waiters.removeIf(waiter -> {
                boolean hope = !waiter.job.isEnded() && !fetch.asked.containsAll(waiter.sources);
                if (hope) {
                    others.addAll(waiter.sources);
                } else {
                    hopeless.add(waiter);
                }
                return !hope;
            });
            others.removeAll(fetch.asked);
            fetch.asked.addAll(others);
            if (others.isEmpty()) {
                pending.remove(content);
            }
        }
        for (Waiter waiter : hopeless) {
            listener.failed(waiter.job, content, workers, why);
        }
        if (!others.isEmpty()) {
            start(content, others.stream().distinct().toList(), file);
        }
    }

    /** A content is dropped: if it is on its way and nobody waits for it any more, it will be dropped on arrival. */
    synchronized void dropped(int content) {
        Pending fetch = pending.get(content);
        if (fetch != null && fetch.waiters.stream().allMatch(waiter -> waiter.job.isEnded())) {
            fetch.dropped = true;
        }
    }
}
