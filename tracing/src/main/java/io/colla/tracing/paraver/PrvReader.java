package io.colla.tracing.paraver;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads traces, also those of COMPSs and Extrae: {@code .prv} or {@code .prv.gz}, with the {@code .pcf} and {@code .row} beside it if they are there. Takes what Paraver takes; a trace whose
 * writer was killed ends where its last whole record does. {@link TraceChecker} is the strict one.
 *
 * <p>Streams: nothing is allocated for a record, so a trace may be far larger than the memory, and may be read several times. Not thread-safe.
 */
public final class PrvReader implements Closeable {
    private static final int BUFFER = 1 << 18;

    /** A record of events may have many, but hardly so many. */
    private static final int LONGEST_LINE = 1 << 28;

    private final Path file;
    private final Header header;
    private final Machine machine;
    private final PcfLabels labels;
    private final ThreadRows threads;
    private final int[] nodes;
    private final String[] names;
    private InputStream in = InputStream.nullInputStream();
    /** There while the file is open, as there may be many readers. */
    private byte[] buffer = new byte[0];

    private int at;
    /** Behind the last newline that is in the buffer. */
    private int whole;

    private int filled;
    private boolean ended;
    private long line;
    /** Lines that are no records: comments, descriptions of communicators. */
    private long notes;

    private PrvReader(Path file, Header header, PcfLabels labels, List<String> given) {
        this.file = file;
        this.header = header;
        this.labels = labels;
        Machine bare = header.machine();
        threads = new ThreadRows(bare);
        nodes = new int[threads.count()];
        names = new String[threads.count()];
        for (int row = 0; row < names.length; row++) {
            ThreadId id = threads.thread(row);
            nodes[row] = bare.nodeOf(id);
            names[row] = row < given.size() ? given.get(row) : "THREAD " + id;
        }
        List<String> left = List.of(names);
        List<Machine.Application> named = new ArrayList<>();
        for (Machine.Application application : bare.applications()) {
            List<Machine.Task> tasks = new ArrayList<>();
            for (Machine.Task task : application.tasks()) {
                int count = task.threads().size();
                tasks.add(new Machine.Task(task.node(), left.subList(0, count)));
                left = left.subList(count, left.size());
            }
            named.add(new Machine.Application("", tasks));
        }
        machine = new Machine(bare.nodes(), named);
    }

    /**
     * What was read.
     *
     * @param states records of states
     * @param events records of events
     * @param communications records of communications
     * @param unknown records that name a thread which the header does not have, and were passed over, as Paraver does
     * @param cut whether the file ends within a record
     */
    public record Totals(long states, long events, long communications, long unknown, boolean cut) {
        public long records() {
            return states + events + communications;
        }
    }

    /**
     * Reads the trace's header, labels and names.
     *
     * @throws IOException if the file cannot be read or is no trace; says which, and why
     */
    public static PrvReader open(Path file) throws IOException {
        RowNames names = RowNames.read(beside(file, ".row"));
        PcfLabels labels = PcfLabels.read(beside(file, ".pcf"));
        PrvReader opened = new PrvReader(file, Header.NONE, labels, List.of());
        Header header = opened.header();
        return new PrvReader(file, header.named(names.nodes()), labels, names.threads());
    }

    /** The name of a trace's files, without ending. */
    public static String nameOf(Path prv) {
        return String.valueOf(prv.getFileName()).replaceAll("\\.prv(\\.gz)?$", "");
    }

    /** Another of the trace's files, such as the {@code .pcf}. */
    static Path beside(Path prv, String ending) {
        return prv.resolveSibling(nameOf(prv) + ending);
    }

    private Header header() throws IOException {
        try {
            begin();
            return Header.lenient(firstLine(), file);
        } finally {
            in.close();
        }
    }

    /** The trace's file. */
    public Path file() {
        return file;
    }

    /** What ran where, with names as far as the trace has them. */
    public Machine machine() {
        return machine;
    }

    /** Nanoseconds that the header says; what was written by others may have records beyond. */
    public long end() {
        return header.end();
    }

    /** When the trace began, as its header says, such as {@code 26/11/2026 at 09:05}. */
    public String date() {
        return header.date();
    }

    /** The same, on this machine's clock; null if the header says it in another way than {@link PrvWriter} does. */
    public @Nullable LocalDateTime begun() {
        try {
            return LocalDateTime.parse(header.date(), PrvWriter.DATE);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Labels of states and event types. */
    public PcfLabels labels() {
        return labels;
    }

    /** How many threads there are. */
    public int rows() {
        return threads.count();
    }

    public ThreadId thread(int row) {
        return threads.thread(row);
    }

    /** The thread's node, from 1. */
    public int node(int row) {
        return nodes[row];
    }

    /** Its name; {@code node N} if nothing says. */
    public String nodeName(int row) {
        return machine.nodes().get(nodes[row] - 1).name();
    }

    /** The thread's name. */
    public String name(int row) {
        return names[row];
    }

    /** The line of the file that is being read, for what a visitor has to say about it. */
    public long line() {
        return line;
    }

    /**
     * Reads all records.
     *
     * @throws IOException if the file cannot be read, or a line is no record; names file and line
     */
    public Totals read(PrvVisitor visitor) throws IOException {
        try {
            begin();
            firstLine();
            return records(visitor);
        } finally {
            in.close();
        }
    }

    /** The lines that describe communicators, which stand before the records. */
    public List<String> communicators() throws IOException {
        List<String> found = new ArrayList<>();
        try {
            begin();
            firstLine();
            while (more() && buffer[at] == 'c') {
                int from = at;
                skip();
                found.add(new String(buffer, from, at - 1 - from, StandardCharsets.US_ASCII).stripTrailing());
            }
        } finally {
            close();
        }
        return found;
    }

    /** Begins to read records one by one with {@link #next}, until {@link #close}. */
    public void start() throws IOException {
        begin();
        firstLine();
    }

    /**
     * Reads the next line.
     *
     * @param visitor told of all that one record has
     * @return the record's kind; 0 if the line is none, or of a thread that the header does not have; negative at the end
     * @throws IOException if the file cannot be read, or the line is no record; names file and line
     */
    public int next(PrvVisitor visitor) throws IOException {
        if (more()) {
            line++;
            return record(visitor);
        }
        int left = filled - at;
        if (left > 0) {
            long[] counts = new long[4];
            boolean complete = last(visitor, counts);
            at = filled + 1;
            for (int kind = 1; complete && kind < counts.length; kind++) {
                if (counts[kind] > 0) {
                    return kind;
                }
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
        buffer = new byte[0];
    }

    private void begin() throws IOException {
        InputStream opened = Files.newInputStream(file);
        try {
            in = file.toString().endsWith(".gz") ? new GZIPInputStream(opened, 1 << 16) : opened;
        } catch (IOException e) {
            opened.close();
            throw new IOException(file + " is no gzip file: " + e.getMessage(), e);
        }
        buffer = buffer.length < BUFFER ? new byte[BUFFER] : buffer;
        at = 0;
        whole = 0;
        filled = 0;
        line = 0;
        notes = 0;
        ended = false;
    }

    private String firstLine() throws IOException {
        if (!more()) {
            return new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
        }
        int end = at;
        while (buffer[end] != '\n') {
            end++;
        }
        String text = new String(buffer, at, end - at, StandardCharsets.ISO_8859_1);
        at = end + 1;
        line = 1;
        return text.stripTrailing();
    }

    /** Has a whole line in the buffer. */
    private boolean more() throws IOException {
        while (at >= whole) {
            if (ended) {
                return false;
            }
            fill();
        }
        return true;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
        at = 0;
        whole = 0;
        if (filled == buffer.length) {
            if (filled >= LONGEST_LINE) {
                throw damaged("is longer than " + LONGEST_LINE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, filled * 2);
        }
        int searched = filled;
        while (filled < buffer.length && !ended) {
            int read = readSome();
            ended = read < 0;
            filled += Math.max(0, read);
        }
        for (int i = filled - 1; i >= searched; i--) {
            if (buffer[i] == '\n') {
                whole = i + 1;
                return;
            }
        }
    }

    /** The end of a compressed trace whose writer was killed is the end. */
    private int readSome() throws IOException {
        try {
            return in.read(buffer, filled, buffer.length - filled);
        } catch (EOFException e) {
            return -1;
        } catch (ZipException e) {
            throw new IOException(file + ", after line " + line + ": the compressed data are damaged", e);
        }
    }

    private Totals records(PrvVisitor visitor) throws IOException {
        long[] counts = new long[4];
        while (true) {
            while (at < whole) {
                line++;
                counts[record(visitor)]++;
            }
            if (!more()) {
                break;
            }
        }
        boolean cut = at < filled && !last(visitor, counts);
        return new Totals(counts[1], counts[2], counts[3], counts[0] - notes, cut);
    }

    /** What stands behind the last newline is a record if it is whole. */
    private boolean last(PrvVisitor visitor, long[] counts) throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, filled + 1);
        }
        buffer[filled] = '\n';
        line++;
        try {
            counts[record(visitor)]++;
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    /** Reads one line, and says of which kind its record was; 0 if it is none, or of a thread that is not known. */
    private int record(PrvVisitor visitor) throws IOException {
        int kind = buffer[at];
        switch (kind) {
            case '1', '2', '3' -> {
                if (buffer[at + 1] != ':') {
                    throw damaged("is no record");
                }
                at += 2;
                boolean known = kind == '1' ? state(visitor) : kind == '2' ? events(visitor) : communication(visitor);
                return known ? kind - '0' : 0;
            }
            default -> {
                if (kind == '\n' || kind == '\r' || kind == '#' || (kind | 0x20) >= 'a' && (kind | 0x20) <= 'z') {
                    notes++;
                    skip();
                    return 0;
                }
                throw damaged("is no record");
            }
        }
    }

    private void skip() {
        while (buffer[at] != '\n') {
            at++;
        }
        at++;
    }

    private boolean state(PrvVisitor visitor) throws IOException {
        int cpu = (int) field();
        int row = row();
        long begin = field() * header.scale();
        long end = field() * header.scale();
        int state = (int) number();
        endOfLine();
        if (row < 0) {
            return false;
        }
        visitor.state(cpu, row, begin, end, state);
        return true;
    }

    private boolean events(PrvVisitor visitor) throws IOException {
        int cpu = (int) field();
        int row = row();
        long time = field() * header.scale();
        while (true) {
            int type = (int) field();
            long value = number();
            if (row >= 0) {
                visitor.event(cpu, row, time, type, value);
            }
            if (buffer[at] != ':') {
                endOfLine();
                return row >= 0;
            }
            at++;
        }
    }

    private boolean communication(PrvVisitor visitor) throws IOException {
        int fromCpu = (int) field();
        int from = row();
        long sent = field() * header.scale();
        long left = field() * header.scale();
        int toCpu = (int) field();
        int to = row();
        long awaited = field() * header.scale();
        long received = field() * header.scale();
        long size = field();
        long tag = number();
        endOfLine();
        if (from < 0 || to < 0) {
            return false;
        }
        visitor.communication(fromCpu, from, sent, left, toCpu, to, awaited, received, size, tag);
        return true;
    }

    /** The row of the thread that comes next; -1 if the header does not have it. */
    private int row() throws IOException {
        long application = field();
        long task = field();
        return threads.row(application, task, field());
    }

    private long field() throws IOException {
        long value = number();
        if (buffer[at] != ':') {
            throw damaged("is no whole record");
        }
        at++;
        return value;
    }

    /** Values beyond 2⁶³ wrap around, as those of hardware counters may. */
    private long number() throws IOException {
        int i = at;
        boolean negative = buffer[i] == '-';
        if (negative) {
            i++;
        }
        int begin = i;
        long value = 0;
        int digit = buffer[i] - '0';
        while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = buffer[++i] - '0';
        }
        if (i == begin) {
            throw damaged("lacks a number");
        }
        at = i;
        return negative ? -value : value;
    }

    private void endOfLine() throws IOException {
        while (buffer[at] == ' ' || buffer[at] == '\r' || buffer[at] == ':') {
            at++;
        }
        if (buffer[at] != '\n') {
            throw damaged("has more than its record");
        }
        at++;
    }

    private IOException damaged(String what) {
        return new DamagedException(file + ", line " + line + " " + what);
    }

    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }
}
