package io.colla.tracing.paraver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Reads a trace as strictly as it can be read and says what is wrong with it, also where Paraver itself says nothing: records out of order or past the header's time, unknown threads, cpus
 * that are not of the thread's node, overlapping states, events that begin and never end, messages received before they were sent, types without label, missing names. For types in
 * {@code paired}, every value other than 0 must be followed by 0 before the trace ends and before the next such value of the thread.
 *
 * <p>Memory grows with threads and types, not with records. One use each; not thread-safe.
 */
public final class TraceChecker {
    private static final int MOST_TOLD = 50;

    private final Set<Integer> paired;
    private final List<String> faults = new ArrayList<>();
    private final Map<Long, Long> records = new HashMap<>();
    private final Map<ThreadId, Long> busyUntil = new HashMap<>();
    private final Map<ThreadId, Map<Integer, Long>> open = new HashMap<>();
    private final Map<ThreadId, Map<Integer, Long>> since = new HashMap<>();
    private final Map<Integer, Long> seenTypes = new HashMap<>();
    private final Map<Integer, Long> durations = new HashMap<>();
    private final Set<Integer> states = new HashSet<>();
    private Header header = Header.NONE;
    private long line;
    private long lastTime;
    private int lastKind;

    private TraceChecker(Set<Integer> paired) {
        this.paired = paired;
    }

    /**
     * What was found.
     *
     * @param faults sentences, at most {@value #MOST_TOLD}
     * @param end nanoseconds that the header says
     * @param states records of states
     * @param events records of events
     * @param communications records of communications
     * @param spans for each paired type how many values other than 0 there were
     * @param durations for each paired type the nanoseconds between those values and their ends, over all threads
     */
    public record Findings(
            List<String> faults,
            Machine machine,
            long end,
            long states,
            long events,
            long communications,
            Map<Integer, Long> spans,
            Map<Integer, Long> durations) {}

    /**
     * Checks a {@code .prv} or {@code .prv.gz} with the {@code .pcf} and {@code .row} beside it.
     *
     * @param paired event types whose values begin and end something
     * @throws IOException if a file cannot be read
     */
    public static Findings check(Path prv, Set<Integer> paired) throws IOException {
        return new TraceChecker(paired).check(prv);
    }

    private Findings check(Path prv) throws IOException {
        try (BufferedReader in = open(prv)) {
            String first = in.readLine();
            header = Header.parse(first == null ? "" : first, this::fault);
            line = 1;
            for (int i = 0; i < header.communicators(); i++) {
                String communicator = in.readLine();
                line++;
                if (communicator == null || !communicator.startsWith("c:")) {
                    fault("is no communicator, and the header says that there are " + header.communicators());
                }
            }
            for (String record = in.readLine(); record != null; record = in.readLine()) {
                line++;
                record(record);
            }
        }
        open.forEach((thread, types) -> types.forEach((type, value) -> {
            if (value != 0) {
                add("thread " + thread + " has event " + type + " = " + value + " that never ends");
            }
        }));
        Path base = Path.of(prv.toString().replaceAll("\\.prv(\\.gz)?$", ""));
        labels(base.resolveSibling(base.getFileName() + ".pcf"));
        names(base.resolveSibling(base.getFileName() + ".row"));
        Map<Integer, Long> spans = new HashMap<>(seenTypes);
        spans.keySet().retainAll(paired);
        return new Findings(
                List.copyOf(faults),
                header.machine(),
                header.end(),
                records.getOrDefault(1L, 0L),
                records.getOrDefault(2L, 0L),
                records.getOrDefault(3L, 0L),
                Map.copyOf(spans),
                Map.copyOf(durations));
    }

    private static BufferedReader open(Path prv) throws IOException {
        var in = Files.newInputStream(prv);
        return new BufferedReader(new InputStreamReader(
                prv.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.US_ASCII));
    }

    private void record(String text) {
        long[] fields = fields(text);
        int kind = fields.length == 0 ? 0 : (int) fields[0];
        boolean whole =
                switch (kind) {
                    case 1 -> fields.length == 8;
                    case 2 -> fields.length >= 8 && fields.length % 2 == 0;
                    case 3 -> fields.length == 15;
                    default -> false;
                };
        if (!whole) {
            fault("is no record: '" + text + "'");
            return;
        }
        records.merge((long) kind, 1L, Long::sum);
        inOrder(fields[5], kind);
        ThreadId thread = thread(fields, 1);
        if (!header.machine().has(thread)) {
            fault("names thread " + thread + ", which the header does not have");
            return;
        }
        if (!header.machine().isOnNode((int) fields[1], thread)) {
            fault("puts thread " + thread + " on cpu " + fields[1] + " of another node; Paraver drops such records");
        }
        switch (kind) {
            case 1 -> state(thread, fields);
            case 2 -> events(thread, fields);
            default -> communication(fields);
        }
    }

    private static ThreadId thread(long[] fields, int at) {
        return new ThreadId((int) fields[at + 1], (int) fields[at + 2], (int) fields[at + 3]);
    }

    private void inOrder(long time, int kind) {
        if (time < lastTime || (time == lastTime && kind < lastKind)) {
            fault("is out of order: time " + time + " kind " + kind + " after time " + lastTime + " kind " + lastKind);
        }
        lastTime = time;
        lastKind = kind;
        inTime(time);
    }

    private void inTime(long time) {
        if (time < 0 || time > header.end()) {
            fault("is at " + time + ", and the trace lasts " + header.end());
        }
    }

    private void state(ThreadId thread, long[] fields) {
        inTime(fields[6]);
        states.add((int) fields[7]);
        if (fields[6] <= fields[5]) {
            fault("is a state of no time");
        }
        Long until = busyUntil.put(thread, fields[6]);
        if (until != null && until > fields[5]) {
            fault("overlaps with the state before it of thread " + thread);
        }
    }

    private void events(ThreadId thread, long[] fields) {
        for (int i = 6; i < fields.length; i += 2) {
            event(thread, fields[5], (int) fields[i], fields[i + 1]);
        }
    }

    private void event(ThreadId thread, long time, int type, long value) {
        seenTypes.merge(type, value == 0 && paired.contains(type) ? 0L : 1L, Long::sum);
        if (!paired.contains(type)) {
            return;
        }
        Map<Integer, Long> values = open.computeIfAbsent(thread, t -> new HashMap<>());
        Map<Integer, Long> begun = since.computeIfAbsent(thread, t -> new HashMap<>());
        long before = values.getOrDefault(type, 0L);
        if (value == 0 && before == 0) {
            fault("ends event " + type + " of thread " + thread + ", which had not begun");
        } else if (value != 0 && before != 0) {
            fault("begins event " + type + " = " + value + " of thread " + thread + " while it is " + before);
        }
        values.put(type, value);
        if (value != 0) {
            begun.put(type, time);
        } else {
            durations.merge(type, time - begun.getOrDefault(type, time), Long::sum);
        }
    }

    private void communication(long[] fields) {
        ThreadId to = thread(fields, 7);
        if (!header.machine().has(to)) {
            fault("is received by thread " + to + ", which the header does not have");
        } else if (!header.machine().isOnNode((int) fields[7], to)) {
            fault("is received on cpu " + fields[7] + ", which is not of the node of thread " + to);
        }
        inTime(fields[12]);
        // By the physical times: a receiver may well be ready before the sender is.
        if (fields[12] < fields[6]) {
            fault("is received before it was sent");
        }
    }

    private static long[] fields(String record) {
        String[] parts = record.split(":", -1);
        long[] numbers = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                numbers[i] = Long.parseLong(parts[i]);
            } catch (NumberFormatException e) {
                return new long[0];
            }
        }
        return numbers;
    }

    private void labels(Path pcf) throws IOException {
        PcfFile file = PcfFile.read(pcf, this::add);
        seenTypes.keySet().forEach(type -> {
            if (!file.types().containsKey(type)) {
                add("event type " + type + " has no label");
            }
        });
        states.forEach(state -> {
            if (!file.states().contains(state)) {
                add("state " + state + " has no label");
            }
        });
    }

    private void names(Path row) throws IOException {
        Machine machine = header.machine();
        Map<String, Integer> expected = new HashMap<>();
        expected.put("CPU", machine.cpus());
        expected.put("NODE", machine.nodes().size());
        expected.put(
                "THREAD",
                machine.applications().stream()
                        .flatMap(application -> application.tasks().stream())
                        .mapToInt(task -> task.threads().size())
                        .sum());
        List<String> lines = Files.readAllLines(row);
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).split(" ");
            if (words.length == 4 && words[0].equals("LEVEL")) {
                int size = Integer.parseInt(words[3]);
                Integer wanted = expected.remove(words[1]);
                if (wanted == null || wanted != size) {
                    add(row.getFileName() + " has " + size + " names for level " + words[1] + " and not " + wanted);
                }
                for (int k = 1; k <= size; k++) {
                    if (i + k >= lines.size() || lines.get(i + k).isBlank()) {
                        add(row.getFileName() + " lacks name " + k + " of level " + words[1]);
                    }
                }
            }
        }
        expected.keySet().forEach(level -> add(row.getFileName() + " has no level " + level));
    }

    private void fault(String what) {
        add("line " + line + " " + what);
    }

    private void add(String sentence) {
        if (faults.size() < MOST_TOLD) {
            faults.add(sentence);
        }
    }
}
