package io.colla.mpi;

import io.colla.platform.Errand;
import io.colla.platform.ErrandListener;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Several nodes that are all this machine, each with an executor, and errands between them; no workers. */
final class FakeNodes implements AutoCloseable {

    private final Path root;
    private final List<TaskExecutor> executors = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeNodes(Path root, int count, Supplier<TaskExecutor> executor) throws IOException {
        this.root = root;
        for (int node = 0; node < count; node++) {
            TaskExecutor each = executor.get();
            each.start(new Host(name(node), Files.createDirectories(root.resolve("scratch-" + node))));
            executors.add(each);
        }
    }

    static String name(int node) {
        return "fake-" + (node + 1);
    }

    Path root() {
        return root;
    }

    TaskExecutor first() {
        return executors.get(0);
    }

    ErrandListener.Handle errand(FakeTask task, int node, byte[] request, ErrandListener listener) {
        OnNode errand = new OnNode(task, node, request, listener);
        errand.thread = threads.submit(errand);
        task.onEnd(errand::end);
        return errand::end;
    }

    @Override
    public void close() {
        executors.forEach(TaskExecutor::close);
        threads.shutdownNow();
    }

    private record Host(String node, Path scratch) implements ExecutorHost {
        @Override
        public int cores() {
            return 4;
        }

        @Override
        public Path sharedMemory() {
            try {
                return Files.createDirectories(
                        Path.of("/dev/shm/colla-test-" + ProcessHandle.current().pid(), node));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Path sharedDisk() {
            return scratch;
        }

        @Override
        public void printed(int task, String text) {}

        @Override
        public void ask(int task, int attempt, int channel, byte[] question, @Nullable Consumer<byte[]> answer) {
            throw new UnsupportedOperationException();
        }
    }

    private final class OnNode implements Errand, Runnable {
        private final FakeTask task;
        private final int node;
        private final byte[] request;
        private final ErrandListener listener;
        private final List<Runnable> actions = new ArrayList<>();
        private boolean ended;
        private @Nullable Future<?> thread;

        OnNode(FakeTask task, int node, byte[] request, ErrandListener listener) {
            this.task = task;
            this.node = node;
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void run() {
            String error = null;
            try {
                executors.get(node).errand(this);
            } catch (Exception e) {
                error = String.valueOf(e.getMessage());
            }
            listener.ended(error);
        }

        void end() {
            List<Runnable> registered;
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                registered = List.copyOf(actions);
            }
            registered.forEach(Runnable::run);
        }

        @Override
        public int task() {
            return task.task();
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public byte[] request() {
            return request;
        }

        @Override
        public List<Integer> cpus() {
            return task.cpus();
        }

        @Override
        public int cores() {
            return task.ranks().get(node);
        }

        @Override
        public long memory() {
            return 0;
        }

        @Override
        public Path workingDirectory() {
            try {
                return Files.createDirectories(root.resolve("work-" + task.task() + "-" + node));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Path outputFile(String stream) {
            return root.resolve("out-" + task.task() + "-" + node + "." + stream);
        }

        @Override
        public synchronized boolean ended() {
            return ended;
        }

        @Override
        public void onEnd(Runnable action) {
            synchronized (this) {
                if (!ended) {
                    actions.add(action);
                    return;
                }
            }
            action.run();
        }

        @Override
        public void say(byte[] content) {
            listener.said(content);
        }
    }
}
