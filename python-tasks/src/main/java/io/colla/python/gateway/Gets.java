package io.colla.python.gateway;

import io.colla.api.Memory;
import io.colla.api.UsageException;
import io.colla.core.Failure;
import io.colla.master.ForeignSession;
import io.colla.master.HeldContent;
import io.colla.worker.store.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program's GETs: those that wait, and those whose files it maps. Thread-safe. */
final class Gets {
    private static final Logger LOG = LoggerFactory.getLogger(Gets.class);

    /** Bytes of an object that travel in an answer to another node. */
    private static final long MOST_SENT = 32L << 20;

    private final ForeignSession session;
    private final Answers answers;
    private final Executor disk;
    private final boolean near;
    private final Map<Integer, Get> open = new ConcurrentHashMap<>();

    /**
     * @param disk for what may wait for a disk
     * @param near whether who asks sees the files of the master's store
     */
    Gets(ForeignSession session, Answers answers, Executor disk, boolean near) {
        this.session = session;
        this.answers = answers;
        this.disk = disk;
        this.near = near;
    }

    /** @throws io.colla.api.UsageException if there is no such datum */
    void get(int request, int datum) {
        Get get = new Get(request);
        open.put(request, get);
        boolean waits = false;
        try {
            get.waitsFor(session.await(datum, get));
            waits = true;
        } finally {
            if (!waits) {
                open.remove(request);
            }
        }
    }

    /** The program needs the answer no longer, whether it has it or not. */
    void release(int request) {
        Get get = open.remove(request);
        if (get != null) {
            get.release();
        }
    }

    /** One of them. Answered by the thread that owns the engine. */
    private final class Get implements ForeignSession.Answer<HeldContent> {
        private final int request;
        private int wait = -1;
        private @Nullable HeldContent held;
        private boolean released;

        Get(int request) {
            this.request = request;
        }

        synchronized void waitsFor(int number) {
            wait = number;
        }

        @Override
        public void done(HeldContent content) {
            if (content.isInMemory() && near) {
                answer(content);
            } else {
                disk.execute(() -> {
                    answer(content);
                    answers.flush();
                });
            }
        }

        @Override
        public void failed(Failure failure) {
            open.remove(request);
            answers.failed(request, failure);
        }

        private void answer(HeldContent content) {
            try {
                Object value = content.value();
                if (value instanceof Blob.Mapped mapped && !near) {
                    value = read(mapped);
                } else if (value instanceof Blob.Mapped && keeps(content)) {
                    content.pin();
                    answers.value(request, content.value()); // where it is now that it stays
                    return;
                }
                answers.value(request, value);
            } catch (IllegalArgumentException | UsageException e) {
                answers.refused(request, e.getMessage());
            } catch (IOException | RuntimeException e) {
                LOG.warn("a datum cannot be given to the program", e);
                answers.broken(request, "the datum cannot be read: " + e.getMessage());
            }
            open.remove(request);
            session.release(content);
        }

        /** For somebody on another node, who cannot map it. */
        private Blob read(Blob.Mapped mapped) throws IOException {
            if (mapped.length() > MOST_SENT) {
                throw new UsageException("a task cannot wait for an object of " + Memory.format(mapped.length())
                        + " on another node than the main program's, only for up to " + Memory.format(MOST_SENT)
                        + "; pass it on to other tasks instead");
            }
            return new Blob.Inline(Files.readAllBytes(mapped.file()));
        }

        /** Whether the program still wants the content, which is its own then until it releases it. */
        private synchronized boolean keeps(HeldContent content) {
            if (released) {
                return false;
            }
            held = content;
            return true;
        }

        void release() {
            HeldContent content;
            int number;
            synchronized (this) {
                released = true;
                content = held;
                number = wait;
            }
            if (content != null) {
                session.release(content);
            } else if (number >= 0) {
                session.abandon(number);
            }
        }
    }
}
