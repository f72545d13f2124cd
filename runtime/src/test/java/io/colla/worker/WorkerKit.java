package io.colla.worker;

import io.colla.api.Direction;
import io.colla.api.TaskFunction;
import io.colla.platform.NodeShare;
import io.colla.wire.Message;
import io.colla.wire.Message.Access;
import io.colla.wire.Message.Argument;
import io.colla.wire.Message.FilePlace;
import io.colla.wire.Message.Mode;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import io.colla.wire.Message.Source;
import io.colla.wire.Message.ToWorker;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ScratchFolder;
import io.colla.worker.store.StoreSettings;
import io.colla.worker.store.ValueCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker with a real store and a master that only listens. */
final class WorkerKit implements AutoCloseable {
    static final Needs ONE = new Needs(1, 0, Map.of());

    final RecordingLink link = new RecordingLink();
    final ValueCodec codec = new ValueCodec(WorkerKit.class.getClassLoader());
    final ContentStore store;
    final Path outputs;
    final WorkerCore core;
    private int definitions;

    WorkerKit(Path folder, NodeShare node, @Nullable Fetcher fetcher) {
        store = new ContentStore(codec, ScratchFolder.create(folder), StoreSettings.ofMemory(64 << 20));
        outputs = folder.resolve("outputs");
        core = new WorkerCore(
                new WorkerSettings(
                        node,
                        store,
                        codec,
                        fetcher,
                        WorkerKit.class.getClassLoader(),
                        store.scratch().path(),
                        outputs,
                        System::nanoTime),
                link,
                Duration.ofMillis(150));
    }

    WorkerKit(Path folder, int cores) {
        this(folder, new NodeShare("here", cores, 0), null);
    }

    static NodeShare node(int cores, long memory, Map<String, Integer> resources) {
        List<Integer> cpus = new ArrayList<>();
        for (int i = 0; i < cores; i++) {
            cpus.add(10 + i);
        }
        return new NodeShare("here", cores, cpus, memory, resources, Map.of());
    }

    void accept(ToWorker... messages) {
        core.accept(List.of(messages));
    }

    int define(TaskFunction function) {
        int number = definitions++;
        accept(new Message.Define(number, JavaFunctions.definition(function).definition()));
        return number;
    }

    /** A task of one core with these arguments; its result goes to the last access if that is an OUT without argument. */
    static Run run(int task, int definition, int result, List<Argument> arguments, Access... accesses) {
        return run(task, definition, ONE, 0, 0, result, arguments, accesses);
    }

    static Run run(
            int task,
            int definition,
            Needs needs,
            int priority,
            long timeout,
            int result,
            List<Argument> arguments,
            Access... accesses) {
        return new Run(
                task, 1, definition, 0, priority, needs, List.of(), timeout, arguments, List.of(accesses), result);
    }

    static List<Argument> each(int... accesses) {
        List<Argument> all = new ArrayList<>();
        for (int access : accesses) {
            all.add(new Argument.Single(access));
        }
        return all;
    }

    static Access result(int output) {
        return object(Direction.OUT, -1, output, Mode.KEEP);
    }

    static Access in(int input, Source... sources) {
        return new Access(Direction.IN, input, -1, Mode.KEEP, null, false, null, List.of(sources), null);
    }

    static Access inline(Direction direction, int input, int output, Mode mode, @Nullable Object value) {
        return new Access(direction, input, output, mode, null, true, value, List.of(), null);
    }

    static Access object(Direction direction, int input, int output, Mode mode) {
        return new Access(direction, input, output, mode, null, false, null, List.of(), null);
    }

    static Access file(Direction direction, int input, int output, Mode mode, @Nullable Path from, @Nullable Path to) {
        FilePlace place =
                new FilePlace("data.txt", from == null ? null : from.toString(), to == null ? null : to.toString());
        return new Access(direction, input, output, mode, place, false, null, List.of(), null);
    }

    @Override
    public void close() {
        core.close();
        store.close();
    }
}
