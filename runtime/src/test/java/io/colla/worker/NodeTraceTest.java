package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventGroup;
import io.colla.tracing.Records;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.TraceSettings.Level;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.log.TraceLog;
import io.colla.wire.Message.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTraceTest {
    private static final Needs TWO_CORES = new Needs(2, 0, Map.of());
    private static final int DEFINITION = 3;

    @TempDir
    Path folder;

    private static Job hold(int task) {
        return new Job(task, 1, DEFINITION, TWO_CORES, 0);
    }

    private static ResourcePool.Lease lease(int... slots) {
        return new ResourcePool.Lease(TWO_CORES, slots, List.of());
    }

    /** Types of the records of each executor that say something of tasks, with their tasks. */
    private List<List<String>> recorded(Path file) throws IOException {
        List<List<String>> all = new ArrayList<>();
        try (LogReader log = LogReader.open(file)) {
            for (Map<String, String> thread : log.described("thread")) {
                if (!"executor".equals(thread.get("kind"))) {
                    continue;
                }
                List<String> records = new ArrayList<>();
                LogReader.Cursor cursor = log.cursor(Integer.parseInt(thread.getOrDefault("number", "")));
                while (cursor.next()) {
                    if (cursor.type() >= Records.TASK_TAKEN && cursor.type() <= Records.TASK_LEFT) {
                        String cores = cursor.type() == Records.TASK_TAKEN ? " " + Records.coresOf(cursor.value()) : "";
                        records.add(cursor.type() + " " + Records.taskOf(cursor.value()) + cores);
                    }
                }
                all.add(records);
            }
        }
        return all;
    }

    @Test
    void aTaskOfAnotherNodeIsInARowOfThisOneFromItsBeginToItsEnd() throws Exception {
        Path file = folder.resolve("a.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of())) {
            NodeTrace trace = NodeTrace.inMaster(log, TraceSettings.of(Level.FULL), folder, 1);
            NodeTrace.Share first = trace.holds(hold(7), lease(0, 1));
            NodeTrace.Share second = trace.holds(hold(8), lease(2, 3));
            first.begins();
            first.begins();
            first.over();
            first.over();
            second.over(); // it was cancelled before all nodes held
            second.begins();
            NodeTrace.Share third = trace.holds(hold(9), lease(0, 1));
            third.begins();
            third.over();
        }
        List<List<String>> rows = recorded(file);
        assertThat(rows).as("rows, each for one task at a time").hasSize(2);
        List<String> all = rows.stream().flatMap(List::stream).toList();
        assertThat(all)
                .containsExactlyInAnyOrder("1 7 2", "2 7", "3 7", "4 7", "1 8 2", "4 8", "1 9 2", "2 9", "3 9", "4 9");
        assertThat(rows.get(0)).startsWith("1 7 2", "2 7", "3 7", "4 7");
    }

    @Test
    void whatIsNotWantedIsNotRecorded() throws Exception {
        Path file = folder.resolve("a.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of())) {
            NodeTrace trace =
                    NodeTrace.inMaster(log, new TraceSettings(Level.FULL, Set.of(EventGroup.USER)), folder, 1);
            assertThat(trace.recordsTasks()).isFalse();
            trace.received(0, 1, 100, System.nanoTime());
        }
        try (LogReader log = LogReader.open(file)) {
            assertThat(log.records()).isZero();
        }
    }
}
