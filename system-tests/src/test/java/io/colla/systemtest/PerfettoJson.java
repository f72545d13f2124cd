package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at an exported trace as Perfetto does: slices of a thread are nested, arrows begin and end within slices, every process and thread has its name. */
final class PerfettoJson {
    private static final Pattern EVENT = Pattern.compile(
            "\\{\"ph\":\"(.)\",\"pid\":(\\d+),\"tid\":(\\d+),\"name\":\"(?:[^\"\\\\]|\\\\.)*\"(.*)\\},?");
    private static final Pattern TIME = Pattern.compile("\"ts\":([\\d.]+)");
    private static final Pattern LASTS = Pattern.compile("\"dur\":([\\d.]+)");
    private static final Pattern ARROW = Pattern.compile("\"id\":(\\d+)");

    /** Nanoseconds. */
    private record Slice(long begin, long end, boolean task) {}

    private record Moment(String thread, long time) {}

    private final Map<String, List<Slice>> slices = new HashMap<>();
    private final Map<Long, Moment> begun = new HashMap<>();
    private final Map<Long, Moment> ended = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private PerfettoJson() {}

    /** Asserts that all is well with the file, which must be JSON for Python, too. */
    static PerfettoJson check(Path file) throws IOException, InterruptedException {
        Process python = new ProcessBuilder(
                        "/usr/bin/python3", "-c", "import json, sys; json.load(open(sys.argv[1]))", file.toString())
                .inheritIO()
                .start();
        assertThat(python.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).as("Python reads " + file).isZero();
        PerfettoJson json = new PerfettoJson();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("{\"ph\"")) {
                json.event(line);
            }
        }
        json.slicesAreNested();
        json.arrowsJoinSlices();
        assertThat(json.names.keySet()).as("threads with a name").containsAll(json.slices.keySet());
        return json;
    }

    /** How many slices are tasks. */
    long tasks() {
        return slices.values().stream()
                .flatMap(List::stream)
                .filter(Slice::task)
                .count();
    }

    int arrows() {
        return begun.size();
    }

    private void event(String line) {
        Matcher event = EVENT.matcher(line);
        assertThat(event.matches()).as(line).isTrue();
        String thread = event.group(2) + "." + event.group(3);
        String rest = event.group(4);
        switch (event.group(1)) {
            case "M" -> names.put(thread, rest);
            case "X" -> {
                long begin = nanos(TIME, rest);
                slices.computeIfAbsent(thread, t -> new ArrayList<>())
                        .add(new Slice(begin, begin + nanos(LASTS, rest), rest.contains("\"cat\":\"Task\"")));
            }
            case "s" -> begun.put(id(rest), new Moment(thread, nanos(TIME, rest)));
            case "f" -> ended.put(id(rest), new Moment(thread, nanos(TIME, rest)));
            default -> assertThat(event.group(1)).isIn("C", "i");
        }
    }

    private static long id(String rest) {
        Matcher found = ARROW.matcher(rest);
        assertThat(found.find()).as(rest).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static long nanos(Pattern which, String rest) {
        Matcher found = which.matcher(rest);
        assertThat(found.find()).as(rest).isTrue();
        return new BigDecimal(found.group(1)).movePointRight(3).longValueExact();
    }

    private void slicesAreNested() {
        slices.forEach((thread, all) -> {
            all.sort(Comparator.comparingLong(Slice::begin)
                    .thenComparing(Comparator.comparingLong(Slice::end).reversed()));
            List<Slice> open = new ArrayList<>();
            for (Slice slice : all) {
                open.removeIf(before -> before.end() <= slice.begin());
                assertThat(open).as("around " + slice + " of thread " + thread).allMatch(o -> o.end() >= slice.end());
                open.add(slice);
            }
        });
    }

    private void arrowsJoinSlices() {
        assertThat(begun.keySet()).isEqualTo(ended.keySet());
        begun.forEach((arrow, moment) -> {
            Moment end = ended.getOrDefault(arrow, moment);
            assertThat(end.time()).as("end of arrow " + arrow).isGreaterThanOrEqualTo(moment.time());
            assertThat(isWithinSlice(moment))
                    .as("begin of arrow " + arrow + " " + moment)
                    .isTrue();
            assertThat(isWithinSlice(end))
                    .as("end of arrow " + arrow + " " + end)
                    .isTrue();
        });
    }

    private boolean isWithinSlice(Moment moment) {
        // Sorted by their begin: what is around the moment began at the latest then.
        List<Slice> all = slices.getOrDefault(moment.thread(), List.of());
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (all.get(middle).begin() <= moment.time()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (int i = low - 1; i >= Math.max(0, low - 1000); i--) {
            if (all.get(i).end() >= moment.time()) {
                return true;
            }
        }
        return false;
    }
}
