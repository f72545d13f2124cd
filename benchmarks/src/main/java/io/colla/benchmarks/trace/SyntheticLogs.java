package io.colla.benchmarks.trace;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes, with the recorder itself, the logs that a run on three nodes with 16 executors each would leave: tasks of about a millisecond, one in ten of which needs something from another node. */
final class SyntheticLogs {
    private static final int NODES = 3;
    private static final int EXECUTORS = 16;
    /** A task's four records become four of events and four of states. */
    private static final int RECORDS_OF_TASK = 8;

    private static final int FUNCTIONS = 5;
    private static final int TRANSFERRED = 10;
    private static final int MEAN_NANOS = 1_000_000;

    private final Random random = new Random(6);
    private final List<Node> nodes = new ArrayList<>();
    private int tasks;

    private SyntheticLogs() {}

    private static final class Node {
        final int number;
        final TraceLog log;
        final ThreadLog transfers;
        final List<ThreadLog> executors = new ArrayList<>();
        final long[] busyUntil = new long[EXECUTORS];
        /** Of what has arrived last; records of a thread are in the order of time. */
        long arrived;

        Node(int number, TraceLog log) {
            this.number = number;
            this.log = log;
            log.thread("worker", 1);
            transfers = log.thread("transfer", 1);
            for (int i = 1; i <= EXECUTORS; i++) {
                executors.add(log.thread("executor", i));
            }
        }
    }

    /**
     * Writes them.
     *
     * @param folder made if it is not there
     * @param records that the trace is to have, about
     */
    static void write(Path folder, long records) throws IOException {
        Files.createDirectories(folder);
        new SyntheticLogs().fill(folder, records);
    }

    private static TraceLog open(Path folder, String name, String role, int worker) throws IOException {
        return TraceLog.open(
                folder.resolve(name + ".ctl"),
                Map.of("role", role, "node", "node" + worker, "worker", Integer.toString(worker), "cpus", "16"));
    }

    private void fill(Path folder, long records) throws IOException {
        try (TraceLog master = open(folder, "master", "master", 0)) {
            for (int i = 0; i < FUNCTIONS; i++) {
                master.describe(
                        "definition", Map.of("number", Integer.toString(i), "name", "function" + i, "type", "1"));
            }
            ThreadLog main = master.thread("main", 1);
            main.record(0, EventTypes.API, 0, 6);
            for (int i = 1; i <= NODES; i++) {
                nodes.add(new Node(i, open(folder, "worker-" + i, "worker", i)));
            }
            long rounds = records / RECORDS_OF_TASK / NODES / EXECUTORS;
            for (long round = 0; round < rounds; round++) {
                for (Node node : nodes) {
                    for (int i = 0; i < EXECUTORS; i++) {
                        task(node, i);
                    }
                }
            }
            main.record(latest(), EventTypes.API, 0, 0);
            for (Node node : nodes) {
                node.log.close();
            }
        }
    }

    private void task(Node node, int executor) {
        ThreadLog log = node.executors.get(executor);
        long at = node.busyUntil[executor] + 20_000 + random.nextInt(20_000);
        int function = tasks % FUNCTIONS;
        int task = ++tasks;
        if (task % TRANSFERRED == 0) {
            transfer(node, at, task);
        }
        long value = Records.task(task, 1, 0);
        log.record(at, Records.TASK_TAKEN, function, value);
        long begun = at + 5_000 + random.nextInt(5_000);
        log.record(begun, Records.TASK_BEGIN, function, value);
        long ended = begun + MEAN_NANOS / 2 + random.nextInt(MEAN_NANOS);
        log.record(ended, Records.TASK_END, 0, task);
        node.busyUntil[executor] = ended + 5_000 + random.nextInt(5_000);
        log.record(node.busyUntil[executor], Records.TASK_LEFT, function, task);
    }

    private void transfer(Node node, long at, int content) {
        node.arrived = Math.max(node.arrived, at);
        int from = 1 + node.number % NODES;
        node.transfers.record(node.arrived, Records.TRANSFER, from, 1 << 16);
        long asked = Math.max(0, node.arrived - 50_000 - random.nextInt(500_000));
        node.transfers.record(node.arrived, Records.TRANSFER_OF, content, asked);
    }

    private long latest() {
        long latest = 0;
        for (Node node : nodes) {
            for (long until : node.busyUntil) {
                latest = Math.max(latest, until);
            }
        }
        return latest;
    }
}
