package io.colla.master;

import io.colla.platform.NodeShare;
import io.colla.scheduler.NodeCapacity;
import io.colla.wire.Message;
import io.colla.worker.MasterLink;
import io.colla.worker.NodeTrace;
import io.colla.worker.WorkerCore;
import io.colla.worker.WorkerSettings;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ScratchFolder;
import io.colla.worker.store.ValueCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One worker in this process, sharing its store with the master. Its number is 0. */
final class EmbeddedPool implements WorkerPool {
    /** In a trace the worker has a place of its own beside the master, as on other runs. */
    private static final int TRACED_AS = 1;

    private final MasterSettings settings;
    private final EngineLoop loop;
    private final ContentStore store;
    private final ScratchFolder scratch;
    private final NodeShare node;
    private final @Nullable NodeTrace trace;
    private @Nullable WorkerCore worker;
    private @Nullable Master master;

    EmbeddedPool(
            MasterSettings settings,
            EngineLoop loop,
            ContentStore store,
            ScratchFolder scratch,
            @Nullable MasterTrace trace) {
        this.trace = trace == null ? null : NodeTrace.inMaster(trace.log(), trace.settings(), trace.logs(), TRACED_AS);
        if (this.trace != null) {
            this.trace.seesRun(settings.runFolder());
        }
        this.settings = settings;
        this.loop = loop;
        this.store = store;
        this.scratch = scratch;
        this.node = settings.allocation().nodes().get(0);
        if (trace != null) {
            trace.joined(TRACED_AS, node.name());
        }
    }

    @Override
    public void start(Master owner) {
        master = owner;
        WorkerCore created = new WorkerCore(
                new WorkerSettings(
                        node,
                        store,
                        new ValueCodec(settings.loader()),
                        null,
                        settings.loader(),
                        scratch.path(),
                        settings.runFolder().resolve("tasks"),
                        System::nanoTime,
                        trace),
                new ToMaster());
        worker = created;
        NodeCapacity capacity = new NodeCapacity(node.cores(), node.memory(), node.resources(), node.properties());
        owner.joined(0, capacity, new ToWorker(node.name(), created), null);
    }

    private final class ToMaster implements MasterLink {
        @Override
        public void send(Message.ToMaster message) {
            Master owner = master;
            if (owner == null || !owner.hears(0, node.name(), message, this::answer)) {
                loop.enqueue(new RunEvents.FromWorker(0, message));
            }
        }

        private void answer(Message.Answer answer) {
            WorkerCore asking = worker;
            if (asking != null) {
                asking.answered(answer);
            }
        }

        @Override
        public void flush() {
            loop.work();
        }
    }

    private static final class ToWorker implements WorkerLink {
        private final String node;
        private final WorkerCore worker;
        private List<Message.ToWorker> pending = new ArrayList<>();

        ToWorker(String node, WorkerCore worker) {
            this.node = node;
            this.worker = worker;
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public void send(Message.ToWorker message) {
            pending.add(message);
        }

        @Override
        public void flush(boolean busy) {
            List<Message.ToWorker> batch = pending;
            if (!batch.isEmpty()) {
                pending = new ArrayList<>();
                worker.accept(batch);
            }
        }

        @Override
        public boolean seesRunFolder() {
            return true;
        }

        @Override
        public boolean isRemote() {
            return false;
        }
    }

    @Override
    public void tick() {}

    @Override
    public boolean sees(Path path) {
        return true;
    }

    @Override
    public int cores() {
        return node.cores();
    }

    @Override
    public int nodes() {
        return 1;
    }

    @Override
    public List<String> troubles() {
        return List.of();
    }

    @Override
    public List<String> tasksThatExit() {
        WorkerCore running = worker;
        return running == null ? List.of() : running.reportExits();
    }

    @Override
    public void warmUp(String kind, String hint) {
        WorkerCore running = worker;
        if (running != null) {
            running.warmUp(kind, hint);
        }
    }

    @Override
    public void close() {
        WorkerCore running = worker;
        if (running != null) {
            running.close();
        }
    }
}
