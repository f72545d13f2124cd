package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The transfers between processes as communications, in the order in which they were asked for, while they are recorded in that in which they arrived. */
final class Transfers implements Closeable {
    /** The numbers of a transfer: first when it was asked for and when it was there, in nanoseconds from the trace's begin. */
    private static final int RECEIVED = 1;

    private static final int WORKERS = 2;
    private static final int BYTES = 3;
    private static final int CONTENT = 4;
    private static final int WIDTH = 5;

    private final Rows rows;
    private final Vocabulary vocabulary;
    private final SortedTuples sorted;

    /** @param scratch an existing folder for what does not fit in memory */
    Transfers(Rows rows, Path scratch, Vocabulary vocabulary) {
        this.rows = rows;
        this.vocabulary = vocabulary;
        this.sorted = new SortedTuples(WIDTH, scratch);
    }

    /** Adds what a thread has recorded. */
    void add(RunLogs.Thread thread, Clock clock, long zero) throws IOException {
        LogReader.Cursor records = thread.cursor();
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
                sorted.add(sent, arrived, Records.pair(from, thread.worker()), bytes, records.detail());
            }
        }
    }

    /** What was added: a communication for each transfer, and an event where it was asked for. */
    List<Source> sources() throws IOException {
        return List.of(new Communications(), new Requests());
    }

    /** Transfers, each at the time when it was asked for. */
    private abstract class Requested extends Source {
        private final SortedTuples.Run transfers;

        Requested(int kind) throws IOException {
            super(kind);
            transfers = sorted.read();
        }

        @Override
        final boolean next() throws IOException {
            if (!transfers.next()) {
                return false;
            }
            time = transfers.tuple[0];
            return true;
        }

        long of(int which) {
            return transfers.tuple[which];
        }
    }

    /** On the row of who asks: which content. */
    private final class Requests extends Requested {
        Requests() throws IOException {
            super(2);
        }

        @Override
        void write(PrvWriter out) throws IOException {
            vocabulary.used(EventTypes.DATA_TRANSFERS);
            out.events(PrvWriter.place(0, rows.messenger(Records.highOf(of(WORKERS)))), time);
            out.event(EventTypes.DATA_TRANSFERS, of(CONTENT));
            out.endEvents();
        }
    }

    private final class Communications extends Requested {
        Communications() throws IOException {
            super(3);
        }

        @Override
        void write(PrvWriter out) throws IOException {
            out.communication(
                    0,
                    rows.messenger(Records.lowOf(of(WORKERS))),
                    time,
                    0,
                    rows.messenger(Records.highOf(of(WORKERS))),
                    of(RECEIVED),
                    of(BYTES),
                    of(CONTENT));
        }
    }

    @Override
    public void close() throws IOException {
        sorted.close();
    }
}
