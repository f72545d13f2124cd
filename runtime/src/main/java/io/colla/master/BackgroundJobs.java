package io.colla.master;

import io.colla.core.Failure;
import io.colla.core.Place;
import io.colla.wire.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine wants and what blocks: transfers to the master, files, reports. */
final class BackgroundJobs implements EngineShell.Jobs, AutoCloseable {
    /** Brings contents from workers; null when there are none but this process. */
    interface Transfers {
        void fetch(int content, Message.Source source) throws IOException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundJobs.class);
    private static final int THREADS = 8;
    private static final int MOST_REPORTS = 1000;

    private final RunFiles files;
    private final Path reports;
    private final EngineEvents events;
    private final ThreadPoolExecutor executor;
    private final AtomicInteger reported = new AtomicInteger();
    private volatile @Nullable Transfers transfers;

    BackgroundJobs(RunFiles files, Path reports, EngineEvents events) {
        this.files = files;
        this.reports = reports;
        this.events = events;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = job -> {
            Thread thread = new Thread(job, "colla-job-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        this.executor =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        executor.allowCoreThreadTimeOut(true);
    }

    void transferBy(Transfers by) {
        transfers = by;
    }

    private void submit(Runnable job) {
        try {
            executor.execute(job);
        } catch (RejectedExecutionException e) {
            LOG.debug("a job came after the end of the run");
        }
    }

    @Override
    public void bring(int content, boolean file, String name, List<Message.Source> sources, int[] workers) {
        submit(() -> {
            StringBuilder why = new StringBuilder();
            Transfers by = transfers;
            for (Message.Source source : sources) {
                try {
                    if (by != null) {
                        by.fetch(content, source);
                        events.fetchedByMaster(content);
                        return;
                    }
                } catch (IOException e) {
                    why.append(' ').append(e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            LOG.warn("content {} of {} could not be brought here:{}", content, name, why);
            events.notFetchedByMaster(content, workers);
        });
    }

    @Override
    public void publish(int wait, FileDatum file, int content, Place place, boolean move) {
        submit(() -> {
            try {
                events.published(wait, files.publish(file, content, place, move), null);
            } catch (IOException | RuntimeException e) {
                events.published(wait, false, "file " + file.home() + " could not be written: " + words(e));
            }
        });
    }

    @Override
    public void delete(int datum, int content, Place place) {
        submit(() -> {
            try {
                files.delete(datum, content, place);
            } catch (IOException e) {
                LOG.warn("a file that is no longer needed could not be deleted: {}", words(e));
            }
        });
    }

    @Override
    public void provideNothing(int datum, int content) {
        submit(() -> {
            try {
                files.provideNothing(datum, content);
            } catch (IOException e) {
                LOG.warn("an empty file could not be made: {}", words(e));
            }
        });
    }

    @Override
    public void report(String label, int task, int attempt, String node, Failure failure, boolean last) {
        int number = reported.incrementAndGet();
        if (number > MOST_REPORTS) {
            if (number == MOST_REPORTS + 1) {
                LOG.warn("more than {} failures; further ones are counted only", MOST_REPORTS);
            }
            return;
        }
        LOG.info(
                "{} attempt {} on {} failed{}: {}",
                label,
                attempt,
                node,
                last ? "" : ", trying again",
                failure.message());
        submit(() -> write(label, task, attempt, node, failure));
    }

    private void write(String label, int task, int attempt, String node, Failure failure) {
        String name = label.substring(0, label.lastIndexOf(' ')).replaceAll("[^A-Za-z0-9._-]", "_");
        Path file = reports.resolve(name + "-" + task + "-" + attempt + ".txt");
        String text = label + ", attempt " + attempt + ", on " + node + System.lineSeparator() + failure.message()
                + System.lineSeparator() + System.lineSeparator() + failure.stack() + System.lineSeparator();
        try {
            Files.createDirectories(reports);
            Files.writeString(file, text);
        } catch (IOException e) {
            LOG.warn("what {} printed could not be kept: {}", label, words(e));
        }
    }

    static String words(Exception e) {
        String message = e.getMessage();
        String kind = e.getClass().getSimpleName();
        return message == null ? kind : kind.equals("IOException") ? message : kind + ": " + message;
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("some files of the run were still being written or deleted after 10 s; they are left");
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
