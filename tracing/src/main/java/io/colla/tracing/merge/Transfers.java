package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.ThreadId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The transfers between processes as communications, in the order in which they were asked for, while they are recorded in that in which they arrived: sorted in pieces of {@value #RUN}, which
 * are put aside in files when there are several.
 */
final class Transfers implements Closeable {
    private static final int RUN = 1 << 16;

    /**
     * One transfer.
     *
     * @param sent nanoseconds from the trace's begin, like {@code received}
     */
    private record Transfer(long sent, long received, int from, int to, long bytes, long content) {
        static final Comparator<Transfer> ORDER =
                Comparator.comparingLong(Transfer::sent).thenComparingLong(Transfer::received);

        void write(DataOutputStream out) throws IOException {
            out.writeLong(sent);
            out.writeLong(received);
            out.writeInt(from);
            out.writeInt(to);
            out.writeLong(bytes);
            out.writeLong(content);
        }

        static Transfer read(DataInputStream in) throws IOException {
            return new Transfer(in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readLong(), in.readLong());
        }
    }

    private final Rows rows;
    private final Vocabulary vocabulary;
    private final Path scratch;
    private final List<Path> runs = new ArrayList<>();
    private final List<DataInputStream> opened = new ArrayList<>();
    private List<Transfer> gathered = new ArrayList<>();

    /** @param scratch an existing folder for what does not fit in memory */
    Transfers(Rows rows, Path scratch, Vocabulary vocabulary) {
        this.rows = rows;
        this.vocabulary = vocabulary;
        this.scratch = scratch;
    }

    /** Adds what a thread has recorded. */
    void add(RunLogs.Thread thread, Clock clock, long zero) throws IOException {
        LogReader.Cursor records = thread.process().log().cursor(thread.number());
        while (records.next()) {
            if (records.type() != Records.TRANSFER) {
                continue;
            }
            long received = records.time();
            int from = records.detail();
            long bytes = records.value();
            if (records.next() && records.type() == Records.TRANSFER_OF) {
                long sent = Math.max(0, clock.toMaster(Math.min(received, records.value())) - zero);
                long arrived = Math.max(sent, clock.toMaster(received) - zero);
                gathered.add(new Transfer(sent, arrived, from, thread.worker(), bytes, records.detail()));
                if (gathered.size() == RUN) {
                    putAside();
                }
            }
        }
    }

    private void putAside() throws IOException {
        Path file = Files.createTempFile(scratch, ".transfers-", ".tmp");
        runs.add(file);
        gathered.sort(Transfer.ORDER);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Transfer transfer : gathered) {
                transfer.write(out);
            }
        }
        gathered = new ArrayList<>();
    }

    /** What was added, as streams in the order of time: a communication for each transfer, and an event where it was asked for. */
    List<Source> sources() throws IOException {
        gathered.sort(Transfer.ORDER);
        List<Source> sources = new ArrayList<>();
        sources.add(new Communications(inMemory()));
        sources.add(new Requests(inMemory()));
        for (Path run : runs) {
            sources.add(new Communications(read(run)));
            sources.add(new Requests(read(run)));
        }
        return sources;
    }

    private Stream inMemory() {
        int[] next = {0};
        return () -> next[0] < gathered.size() ? gathered.get(next[0]++) : null;
    }

    private Stream read(Path run) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(run)));
        opened.add(in);
        return () -> {
            try {
                return Transfer.read(in);
            } catch (EOFException e) {
                return null;
            }
        };
    }

    private interface Stream {
        @org.jspecify.annotations.Nullable
        Transfer next() throws IOException;
    }

    /** Transfers, each at the time when it was asked for. */
    private abstract static class Requested extends Source {
        private final Stream stream;
        Transfer transfer = new Transfer(0, 0, 0, 0, 0, 0);

        Requested(int kind, Stream stream) {
            super(kind);
            this.stream = stream;
        }

        @Override
        final boolean next() throws IOException {
            Transfer found = stream.next();
            if (found == null) {
                return false;
            }
            transfer = found;
            time = found.sent();
            return true;
        }
    }

    /** On the row of who asks: which content. */
    private final class Requests extends Requested {
        Requests(Stream stream) {
            super(2, stream);
        }

        @Override
        void write(PrvWriter out) throws IOException {
            vocabulary.used(EventTypes.DATA_TRANSFERS);
            out.events(PrvWriter.place(0, rows.messenger(transfer.to())), transfer.sent());
            out.event(EventTypes.DATA_TRANSFERS, transfer.content());
            out.endEvents();
        }
    }

    private final class Communications extends Requested {
        Communications(Stream stream) {
            super(3, stream);
        }

        @Override
        void write(PrvWriter out) throws IOException {
            ThreadId from = rows.messenger(transfer.from());
            ThreadId to = rows.messenger(transfer.to());
            out.communication(
                    0, from, transfer.sent(), 0, to, transfer.received(), transfer.bytes(), transfer.content());
        }
    }

    @Override
    public void close() throws IOException {
        for (DataInputStream in : opened) {
            in.close();
        }
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }
}
