package io.colla.launcher.jobs;

import io.colla.platform.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for jobs. The batch system is asked every second at first and ever more rarely, down to four times a minute; a job that has left its exit code in its folder, which costs nothing to
 * see, is asked for at once. Not thread-safe.
 */
public final class JobWatch {
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long GLANCE_MILLIS = 200;
    /** How long nobody may know a job before it is given up. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** The same for a job that was known before: the batch system may be away for a restart. */
    private static final long LONGER_PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private final JobDesk desk;
    private final Consumer<JobView> listener;
    private final Set<String> left;
    private final Map<String, JobView> last = new LinkedHashMap<>();
    private final Map<String, Long> silentSince = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> noticed = new LinkedHashSet<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private long interval = FIRST_NANOS;
    private long next = System.nanoTime();

    /** @param listener called for each job whose state has changed since the last look */
    public JobWatch(JobDesk desk, Collection<String> jobs, Consumer<JobView> listener) {
        this.desk = desk;
        this.listener = listener;
        this.left = new LinkedHashSet<>(jobs);
    }

    /**
     * Returns when all jobs are over, or nobody knows what became of those that are left, or the time is.
     *
     * @param limit null to wait as long as it takes
     * @param glance called every fifth of a second
     * @return how each job stood last
     */
    public Map<String, JobView> await(@Nullable Duration limit, Runnable glance) throws InterruptedException {
        long begun = System.nanoTime();
        while (!poll().isEmpty() && (limit == null || System.nanoTime() - begun < limit.toNanos())) {
            glance.run();
            long rest = limit == null
                    ? GLANCE_MILLIS
                    : limit.minusNanos(System.nanoTime() - begun).toMillis();
            never.await(Math.max(1, Math.min(GLANCE_MILLIS, rest)), TimeUnit.MILLISECONDS);
        }
        return Map.copyOf(last);
    }

    /** Asks if it is time to; the jobs that are still waited for. */
    private Set<String> poll() {
        long now = System.nanoTime();
        if (now - next < 0 && !someLeftTheirExitCode()) {
            return left;
        }
        Map<String, JobView> views = desk.look(left);
        for (Map.Entry<String, JobView> entry : views.entrySet()) {
            take(entry.getKey(), entry.getValue());
        }
        interval = Math.min(LONGEST_NANOS, interval + interval / 4);
        next = System.nanoTime() + interval;
        return left;
    }

    private void take(String id, JobView view) {
        JobView before = last.put(id, view);
        if (before == null || before.state() != view.state()) {
            listener.accept(view);
        }
        if (view.state() != JobState.UNKNOWN) {
            silentSince.remove(id);
            known.add(id);
        } else {
            interval = FIRST_NANOS;
        }
        if (view.state().ended() || isGivenUp(id, view)) {
            left.remove(id);
        }
    }

    private boolean isGivenUp(String id, JobView view) {
        if (view.state() != JobState.UNKNOWN) {
            return false;
        }
        long now = System.nanoTime();
        long silent = now - silentSince.computeIfAbsent(id, first -> now);
        return silent >= (known.contains(id) ? LONGER_PATIENCE_NANOS : PATIENCE_NANOS);
    }

    /** A plain job whose exit code is there is about to be over: that is worth some questions, a second apart. */
    private boolean someLeftTheirExitCode() {
        List<String> fresh = new ArrayList<>();
        for (String id : left) {
            JobView view = last.get(id);
            JobRecord record = view == null ? null : view.record();
            if (record != null && !noticed.contains(id) && JobTraces.exitCode(record, JobTraces.indexOf(id)) != null) {
                fresh.add(id);
            }
        }
        noticed.addAll(fresh);
        if (!fresh.isEmpty()) {
            interval = FIRST_NANOS / 4;
        }
        return !fresh.isEmpty();
    }
}
