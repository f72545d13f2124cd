package io.colla.master;

import io.colla.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what nodes record that do not see the run's folder into it. A file of a node becomes one of its own there, named after its worker. Each worker waits for answers, so that few pieces are here
 * at a time. Thread-safe.
 */
final class LogInbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogInbox.class);
    private static final Duration END = Duration.ofSeconds(5);

    private final Path folder;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "colla-trace-inbox");
        thread.setDaemon(true);
        return thread;
    });
    /** For the writer alone. */
    private final Map<String, FileChannel> files = new HashMap<>();

    private boolean broken;

    /** @param folder of the run's logs */
    LogInbox(Path folder) {
        this.folder = folder;
    }

    /** @param written called when the piece is in its file, or lost for good */
    void take(int worker, Message.LogPiece piece, Runnable written) {
        try {
            writer.execute(() -> {
                write(worker, piece);
                written.run();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("a piece of {} comes too late", piece.file());
        }
    }

    private void write(int worker, Message.LogPiece piece) {
        String name = piece.file();
        if (broken || !name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.ctl") || piece.position() < 0) {
            return;
        }
        try {
            FileChannel file = files.get(name + worker);
            if (file == null) {
                Path path = folder.resolve("of-" + worker + "-" + name);
                file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                files.put(name + worker, file);
            }
            ByteBuffer bytes = ByteBuffer.wrap(piece.content());
            while (bytes.hasRemaining()) {
                file.write(bytes, piece.position() + bytes.position());
            }
        } catch (IOException e) {
            broken = true;
            LOG.warn("The trace of other nodes ends here, as {} cannot be written: {}", folder, e.getMessage());
        }
    }

    /** Writes what has come. */
    @Override
    public void close() {
        writer.execute(this::closeFiles);
        writer.shutdown();
        try {
            if (!writer.awaitTermination(END.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("The trace may lack the end of what other nodes recorded: {} takes long to write", folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeFiles() {
        for (FileChannel file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("A log in {} may lack its end: {}", folder, e.getMessage());
            }
        }
        files.clear();
    }
}
