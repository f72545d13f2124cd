package io.colla.python.gateway;

import io.colla.api.Colla;
import io.colla.core.Failure;
import io.colla.master.ForeignSession;
import io.colla.master.HeldContent;
import io.colla.master.Master;
import io.colla.master.Placement;
import io.colla.master.RunStatus;
import io.colla.python.FrameException;
import io.colla.python.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The program's ASKs: what is rare. Used by the thread that reads; answers come from any. */
final class Questions {
    private final Master master;
    private final ForeignSession session;
    private final Answers answers;
    private final Executor asides;
    private final int block;

    /**
     * @param asides for what waits for the engine
     * @param block numbers for data that are given at a time
     */
    Questions(Master master, ForeignSession session, Answers answers, Executor asides, int block) {
        this.master = master;
        this.session = session;
        this.answers = answers;
        this.asides = asides;
        this.block = block;
    }

    /** @throws io.colla.api.UsageException if what is asked for cannot be */
    void ask(int request, JsonObject question) throws FrameException {
        String operation = question.text("op", "");
        switch (operation) {
            case "block" -> answers.done(request, block());
            case "resources" -> answers.done(request, resources());
            case "status" -> aside(request, () -> answers.done(request, status()));
            case "tasks" -> aside(request, () -> answers.done(request, Map.of("tasks", tasks())));
            case "wait_file" -> waitFile(request, (int) question.number("datum", -1));
            case "delete_file" -> {
                session.deleteFile((int) question.number("datum", -1), () -> {
                    answers.done(request, Map.of());
                    answers.flush();
                });
            }
            case "cancel_all" -> {
                session.cancelAll("the program has cancelled all tasks");
                answers.done(request, Map.of());
            }
            case "done" -> settled(request, question.numbers("data"));
            default -> throw new FrameException("a question '" + operation + "'");
        }
    }

    /** A further block of numbers for data. */
    Map<String, Object> block() {
        ForeignSession.Block leased = session.lease(block);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("first", leased.first());
        result.put("count", leased.count());
        return result;
    }

    private void aside(int request, Runnable question) {
        asides.execute(() -> {
            try {
                question.run();
            } catch (RuntimeException e) {
                answers.broken(request, "the question cannot be answered: " + e.getMessage());
            }
            answers.flush();
        });
    }

    private Map<String, Object> resources() {
        Colla.Resources all = session.resources();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("nodes", all.nodes());
        result.put("cores", all.cores());
        result.put("largest_node_cores", all.largestNodeCores());
        result.put("memory", all.memory());
        return result;
    }

    private Map<String, Object> status() {
        RunStatus status = master.status();
        Map<String, Object> result = new LinkedHashMap<>();
        if (status != null) {
            result.put("done", status.done());
            result.put("running", status.running());
            result.put("waiting", status.waiting());
            result.put("failed", status.failed());
            result.put("cancelled", status.cancelled());
            result.put("cores_busy", status.coresBusy());
            result.put("cores", status.coresTotal());
            result.put("nodes", status.nodes());
        }
        return result;
    }

    private List<Map<String, Object>> tasks() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Placement placement : master.placements()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", placement.task());
            row.put("node", placement.node());
            row.put("done", placement.done());
            row.put("failed", placement.failed());
            row.put("cancelled", placement.cancelled());
            row.put("retried", placement.retried());
            row.put("seconds", placement.seconds());
            row.put("longest", placement.longest());
            rows.add(row);
        }
        return rows;
    }

    private void waitFile(int request, int datum) {
        session.await(datum, new ForeignSession.Answer<>() {
            @Override
            public void done(HeldContent content) {
                Path path = content.path();
                if (path == null) {
                    answers.refused(request, "datum " + datum + " is no file that could be waited for");
                } else {
                    answers.done(request, Map.of("path", path.toString()));
                }
                session.release(content);
            }

            @Override
            public void failed(Failure failure) {
                answers.failed(request, failure);
            }
        });
    }

    private void settled(int request, List<Long> data) {
        int[] numbers = data.stream().mapToInt(Long::intValue).toArray();
        session.settled(numbers, settled -> {
            List<Integer> there = new ArrayList<>();
            for (int i = 0; i < numbers.length; i++) {
                if (settled[i]) {
                    there.add(numbers[i]);
                }
            }
            answers.done(request, Map.of("done", there));
        });
    }
}
