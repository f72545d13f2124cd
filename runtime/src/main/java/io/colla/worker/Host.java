package io.colla.worker;

import io.colla.platform.ExecutorHost;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The worker as its executors see it, with the questions that the master has not answered yet. Thread-safe. */
final class Host implements ExecutorHost {
    private final WorkerSettings settings;
    private final MasterLink link;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Consumer<byte[]>> asked = new ConcurrentHashMap<>();

    Host(WorkerSettings settings, MasterLink link) {
        this.settings = settings;
        this.link = link;
    }

    @Override
    public String node() {
        return settings.node().name();
    }

    @Override
    public int cores() {
        return settings.node().cores();
    }

    @Override
    public Path scratch() {
        return settings.scratch();
    }

    @Override
    public Path sharedMemory() {
        return store().sharedFolders().memory();
    }

    @Override
    public Path sharedDisk() {
        return store().sharedFolders().disk();
    }

    private ContentStore store() {
        return settings.store();
    }

    @Override
    public Map<String, String> traceVariables() {
        NodeTrace trace = settings.trace();
        return trace == null ? Map.of() : trace.variables();
    }

    @Override
    public void printed(int task, String text) {
        link.send(new Message.Printed(task, text));
        link.flush();
    }

    @Override
    public void ask(int task, int attempt, int channel, byte[] question, @Nullable Consumer<byte[]> answer) {
        int number = 0;
        if (answer != null) {
            number = numbers.incrementAndGet();
            asked.put(number, answer);
        }
        link.send(new Message.Ask(number, task, attempt, channel, question));
        link.flush();
    }

    void answered(Message.Answer answer) {
        Consumer<byte[]> waiting = asked.remove(answer.number());
        if (waiting != null) {
            waiting.accept(answer.content());
        }
    }
}
