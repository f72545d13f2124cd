package io.colla.tracing.merge;

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
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Any number of tuples of numbers, in the order of their first, then of their second. Sorted in pieces, which are put aside in files when there are several, and these merged when there are
 * many: memory and open files do not grow with the tuples. First all are added, then they are read, as often as wanted. Not thread-safe.
 */
final class SortedTuples implements Closeable {
    private static final int PIECE = 1 << 16;
    private static final int FILES = 64;
    private static final Comparator<long[]> ORDER =
            Comparator.<long[]>comparingLong(tuple -> tuple[0]).thenComparingLong(tuple -> tuple[1]);

    private final int width;
    private final Path scratch;
    private final int piece;
    private final int files;
    /** Sorted files: those of a level are merged from as many of the level below. */
    private final List<List<Path>> levels = new ArrayList<>();

    private final List<Closeable> opened = new ArrayList<>();
    private List<long[]> gathered = new ArrayList<>();
    private boolean sorted;

    /**
     * @param width numbers of a tuple, at least 2
     * @param scratch an existing folder for what does not fit in memory
     */
    SortedTuples(int width, Path scratch) {
        this(width, scratch, PIECE, FILES);
    }

    /**
     * @param piece how many tuples are sorted at a time
     * @param files how many files of a level are merged
     */
    SortedTuples(int width, Path scratch, int piece, int files) {
        this.width = width;
        this.scratch = scratch;
        this.piece = piece;
        this.files = files;
    }

    /** @param tuple of the width, which is kept */
    void add(long... tuple) throws IOException {
        gathered.add(tuple);
        sorted = false;
        if (gathered.size() == piece) {
            gathered.sort(ORDER);
            put(0, write(new Memory(gathered)));
            gathered = new ArrayList<>();
        }
    }

    private void put(int level, Path file) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<Path> same = levels.get(level);
        same.add(file);
        if (same.size() == files) {
            List<Run> runs = new ArrayList<>();
            try {
                for (Path each : same) {
                    runs.add(new InFile(each));
                }
                put(level + 1, write(new Cursor(runs)));
            } finally {
                for (Run run : runs) {
                    run.close();
                }
            }
            for (Path each : same) {
                Files.delete(each);
            }
            same.clear();
        }
    }

    private Path write(Run run) throws IOException {
        Path file = Files.createTempFile(scratch, ".sorted-", ".tmp");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            while (run.next()) {
                for (int i = 0; i < width; i++) {
                    out.writeLong(run.tuple[i]);
                }
            }
        }
        return file;
    }

    /** All tuples, from the first. */
    Run read() throws IOException {
        if (!sorted) {
            gathered.sort(ORDER);
            sorted = true;
        }
        List<Run> runs = new ArrayList<>();
        runs.add(new Memory(gathered));
        for (List<Path> level : levels) {
            for (Path file : level) {
                InFile run = new InFile(file);
                opened.add(run);
                runs.add(run);
            }
        }
        return new Cursor(runs);
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : opened) {
            each.close();
        }
        for (List<Path> level : levels) {
            for (Path file : level) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Tuples one after the other. */
    abstract static class Run implements Closeable {
        /** The one that was last gone to. */
        long[] tuple = {};

        /**
         * Goes to the next.
         *
         * @return whether there is one
         */
        abstract boolean next() throws IOException;

        @Override
        public void close() throws IOException {}
    }

    private static final class Memory extends Run {
        private final List<long[]> tuples;
        private int at;

        Memory(List<long[]> tuples) {
            this.tuples = tuples;
        }

        @Override
        boolean next() {
            if (at == tuples.size()) {
                return false;
            }
            tuple = tuples.get(at++);
            return true;
        }
    }

    private final class InFile extends Run {
        private final DataInputStream in;

        InFile(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
            tuple = new long[width];
        }

        @Override
        boolean next() throws IOException {
            try {
                for (int i = 0; i < width; i++) {
                    tuple[i] = in.readLong();
                }
                return true;
            } catch (EOFException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Several that are sorted, as one. */
    private static final class Cursor extends Run {
        private final PriorityQueue<Run> heads =
                new PriorityQueue<>((one, other) -> ORDER.compare(one.tuple, other.tuple));
        /** The one that the tuple is of: it stands in the queue again when it has gone on. */
        private @Nullable Run current;

        Cursor(List<Run> runs) throws IOException {
            for (Run run : runs) {
                forward(run);
            }
        }

        @Override
        boolean next() throws IOException {
            if (current != null) {
                forward(current);
            }
            current = heads.poll();
            if (current == null) {
                return false;
            }
            tuple = current.tuple;
            return true;
        }

        private void forward(Run run) throws IOException {
            if (run.next()) {
                heads.add(run);
            }
        }
    }
}
