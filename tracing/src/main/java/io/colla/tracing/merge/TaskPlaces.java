package io.colla.tracing.merge;

import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.ThreadId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where and when each task ran, in the last attempt that succeeded, or failed if none did: a table by task number in a file, of which as much is in memory as the system likes. {@value #ENTRY} bytes of
 * disk for each task.
 */
final class TaskPlaces implements Closeable {
    private static final int ENTRY = 24;
    private static final int PER_SEGMENT = 1 << 20;
    private static final int END = 8;
    private static final int ROW = 16;
    private static final int SUCCEEDED = 20;

    private final Path file;
    private final FileChannel channel;
    private final List<MappedByteBuffer> segments = new ArrayList<>();
    private final List<ThreadId> rows = new ArrayList<>();

    /** @param scratch an existing folder for the file */
    TaskPlaces(Path scratch) throws IOException {
        file = Files.createTempFile(scratch, ".tasks-", ".tmp");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Adds what an executor has recorded. */
    void add(Row row) throws IOException {
        rows.add(row.id());
        LogReader.Cursor records = row.thread().cursor();
        int task = 0;
        long begin = 0;
        while (records.next()) {
            if (records.type() == Records.TASK_BEGIN) {
                task = Records.taskOf(records.value());
                begin = row.time(records.time());
            } else if (records.type() == Records.TASK_END && task > 0) {
                put(task, begin, Math.max(begin, row.time(records.time())), records.detail() == 0);
                task = 0;
            }
        }
    }

    private void put(int task, long begin, long end, boolean succeeded) throws IOException {
        MappedByteBuffer segment = segment(task / PER_SEGMENT);
        int at = task % PER_SEGMENT * ENTRY;
        boolean known = segment.getLong(at + END) > 0;
        boolean knownSucceeded = segment.getInt(at + SUCCEEDED) > 0;
        boolean better =
                !known || succeeded != knownSucceeded ? succeeded || !known : end + 1 > segment.getLong(at + END);
        if (better) {
            segment.putLong(at, begin);
            segment.putLong(at + END, end + 1); // 0 is for no task
            segment.putInt(at + ROW, rows.size() - 1);
            segment.putInt(at + SUCCEEDED, succeeded ? 1 : 0);
        }
    }

    private MappedByteBuffer segment(int number) throws IOException {
        while (segments.size() <= number) {
            long bytes = (long) PER_SEGMENT * ENTRY;
            segments.add(channel.map(FileChannel.MapMode.READ_WRITE, segments.size() * bytes, bytes));
        }
        return segments.get(number);
    }

    private boolean has(int task) {
        return task > 0 && task / PER_SEGMENT < segments.size();
    }

    /** Whether the task ran. */
    boolean ran(int task) {
        return has(task) && get(task).getLong(at(task) + END) > 0;
    }

    private MappedByteBuffer get(int task) {
        return segments.get(task / PER_SEGMENT);
    }

    private static int at(int task) {
        return task % PER_SEGMENT * ENTRY;
    }

    /** Of one that ran; nanoseconds from the trace's begin. */
    long begin(int task) {
        return get(task).getLong(at(task));
    }

    long end(int task) {
        return get(task).getLong(at(task) + END) - 1;
    }

    /** The number of its row, for {@link #row}. */
    int rowNumber(int task) {
        return get(task).getInt(at(task) + ROW);
    }

    ThreadId row(int number) {
        return rows.get(number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
