package io.colla.tracing.paraver;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The lines of a .prv or .prv.gz as numbers, for {@link TraceChecker}: what is no number between colons is not taken. One buffer, whatever the file's size. */
final class PrvLines implements Closeable {
    private static final int BUFFER = 1 << 18;
    /** Longer lines are not read. */
    private static final int LONGEST_LINE = 1 << 24;

    private static final int LONGEST_NUMBER = 19;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int begin;
    private int end;
    private int next;
    private int filled;
    private boolean over;
    private boolean whole;
    private long[] fields = new long[32];
    private boolean[] negative = new boolean[32];
    private int count;

    private PrvLines(InputStream in) {
        this.in = in;
    }

    static PrvLines open(Path prv) throws IOException {
        InputStream file = Files.newInputStream(prv);
        try {
            return new PrvLines(prv.toString().endsWith(".gz") ? new GZIPInputStream(file, 1 << 16) : file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Goes to the next line.
     *
     * @return whether there is one
     */
    boolean next() throws IOException {
        begin = next;
        int at = begin;
        while (true) {
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            if (at < filled) {
                end = at;
                next = at + 1;
                whole = true;
                return true;
            }
            if (over) {
                end = filled;
                next = filled;
                whole = false;
                return end > begin;
            }
            at -= begin;
            fill();
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, begin, buffer, 0, filled - begin);
        filled -= begin;
        begin = 0;
        if (filled == buffer.length) {
            if (filled >= LONGEST_LINE) {
                throw new IOException("a line has more than " + LONGEST_LINE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, 2 * filled);
        }
        int read;
        try {
            read = in.read(buffer, filled, buffer.length - filled);
        } catch (EOFException e) {
            read = -1; // of a compressed file, whose last line then is not whole
        }
        over = read < 0;
        filled += Math.max(0, read);
    }

    /** Whether the line had its newline. */
    boolean isWhole() {
        return whole;
    }

    String text() {
        return new String(buffer, begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads the line as numbers between colons.
     *
     * @return how many; 0 if it has anything else
     */
    int split() {
        count = 0;
        int at = begin;
        while (true) {
            int stop = number(at);
            if (stop < 0) {
                return 0;
            }
            if (stop == end) {
                return count;
            }
            if (buffer[stop] != ':') {
                return 0;
            }
            at = stop + 1;
        }
    }

    /** @return where the number ends; negative if there is none */
    private int number(int from) {
        boolean minus = from < end && buffer[from] == '-';
        int at = minus ? from + 1 : from;
        int first = at;
        long value = 0;
        while (at < end) {
            int digit = buffer[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            at++;
        }
        // Long.MIN_VALUE wraps around to itself, and nothing else of 19 digits may.
        boolean tooLarge = at - first > LONGEST_NUMBER || (value < 0 && !(minus && value == Long.MIN_VALUE));
        if (at == first || tooLarge) {
            return -1;
        }
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * count);
            negative = Arrays.copyOf(negative, 2 * count);
        }
        negative[count] = minus;
        fields[count++] = minus ? -value : value;
        return at;
    }

    /** A number of the line that was {@link #split}. */
    long field(int index) {
        return fields[index];
    }

    /** Whether one of these numbers has a sign. */
    boolean hasSign(int from, int to, int step) {
        for (int i = from; i < to; i += step) {
            if (negative[i]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
