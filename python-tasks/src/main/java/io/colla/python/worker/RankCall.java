package io.colla.python.worker;

import io.colla.api.Ranks;
import io.colla.binary.spawn.Redirect;
import io.colla.mpi.launch.MpiEnd;
import io.colla.mpi.launch.MpiJob;
import io.colla.mpi.launch.MpiRun;
import io.colla.mpi.launch.MpiStarter;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.python.FrameInput;
import io.colla.python.FrameOutput;
import io.colla.python.Json;
import io.colla.python.PythonFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a function on all ranks: the job is started, its rank 0 is told the call and answers, and the job ends. Used by the task's thread; a thread of its own speaks with rank 0
 * meanwhile.
 */
final class RankCall {
    private static final Logger LOG = LoggerFactory.getLogger(RankCall.class);
    /** Where the program finds modules, which the ranks need before they can be told anything. */
    private static final String PATH = "COLLA_RANK_PATH";

    private static final int SEQUENCE = 1;
    private static final int TAIL = 8 << 10;
    /** For what rank 0 said last, when the job is over. */
    private static final long LAST_WORDS_SECONDS = 10;

    private final ExecutorHost host;
    private final MpiStarter starter;
    private final RankDoor door;
    private final TaskContext context;
    private final PythonFunction function;
    private final Ranks ranks;
    private final CompletableFuture<MpiRun> running = new CompletableFuture<>();
    /** What rank 0 is, when it has come. */
    private final CompletableFuture<RankDoor.Visitor> arrived = new CompletableFuture<>();
    /** The type of the frame that answered the task; -1 if it did not. */
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();

    /** Of the last file of rank 0 that is the worker's. */
    private long lastTold;

    RankCall(
            ExecutorHost host,
            MpiStarter starter,
            RankDoor door,
            TaskContext context,
            PythonFunction function,
            Ranks ranks) {
        this.host = host;
        this.starter = starter;
        this.door = door;
        this.context = context;
        this.function = function;
        this.ranks = ranks;
    }

    /** @throws TaskError if it fails, which is told in words */
    void run() throws TaskError, IOException {
        FrameOutput frames = new FrameOutput(1 << 12);
        write(frames);
        int number = door.expect(visitor -> welcome(visitor, frames));
        try (RankOutput output = RankOutput.open(
                context.outputFile("ranks"),
                function.setup().stream() ? text -> host.printed(context.task(), text) : null)) {
            MpiRun run = starter.start(job(number, output.file()), context);
            running.complete(run);
            MpiEnd end = run.await();
            output.close();
            finish(end, output);
        } finally {
            door.forget(number);
            leave();
        }
    }

    private void write(FrameOutput frames) throws TaskError {
        List<String> nodes = new ArrayList<>();
        for (int node = 0; node < context.nodes().size(); node++) {
            nodes.addAll(Collections.nCopies(
                    context.ranks().get(node), context.nodes().get(node)));
        }
        Map<String, @Nullable Object> setup = new LinkedHashMap<>();
        setup.put("cwd", function.setup().folder());
        setup.put("main", function.setup().main());
        setup.put("shm", host.sharedMemory().toString());
        setup.put("disk", host.sharedDisk().toString());
        setup.put("stream", function.setup().stream());
        setup.put("cores", context.coresPerRank());
        setup.put("nodes", nodes);
        frames.begin(ExecutorFrames.RANKS).string(Json.text(setup)).end();
        TaskFrames.function(function, frames);
        TaskFrames.task(function, context, SEQUENCE, frames);
    }

    private MpiJob job(int number, Path printed) {
        int count = context.ranks().stream().mapToInt(Integer::intValue).sum();
        List<String> argv = List.of(
                function.setup().interpreter(),
                "-m",
                "colla.worker.rank",
                door.path().toString(),
                Integer.toString(number),
                Integer.toString(count));
        return new MpiJob(
                function.name(),
                List.of(new MpiJob.Part(count, argv)),
                null,
                environment(),
                Redirect.NULL,
                Redirect.to(printed),
                null,
                ranks.launcher(),
                ranks.flags());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Interpreter.environment());
        environment.put(PATH, Json.text(function.setup().path()));
        return environment;
    }

    private void welcome(RankDoor.Visitor visitor, FrameOutput frames) {
        arrived.complete(visitor);
        Thread thread = new Thread(() -> answer.complete(speak(visitor.link(), frames)), "colla-rank-0");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells the call, and waits for the answer; its frame is then the link's current one. */
    private int speak(ExecutorLink link, FrameOutput frames) {
        try {
            link.send(out -> {
                byte[] bytes = new byte[frames.size()];
                frames.written().get(bytes);
                out.bytes(bytes);
            });
            int type = link.next();
            if (type == ExecutorFrames.FAILED) {
                // The other ranks may wait for it for ever.
                running.thenAccept(MpiRun::end);
            }
            return type;
        } catch (IOException e) {
            LOG.debug("rank 0 of {} has not answered: {}", function.name(), e.getMessage());
            return -1;
        }
    }

    private void finish(MpiEnd end, RankOutput output) throws TaskError, IOException {
        int type = lastWords();
        TaskError problem = end.error();
        if (problem != null && context.ended()) {
            throw problem;
        }
        if (type == ExecutorFrames.FAILED) {
            throw failed(TaskFrames.failed(behindTime()), output);
        }
        if (problem != null) {
            throw failed(explained(problem, end.errors()), output);
        }
        if (type != ExecutorFrames.DONE) {
            throw failed(
                    new TaskError(
                            "rank 0 of " + function.name()
                                    + " ended in the middle of the task: the function, or a library that it uses, ended the process (os._exit)",
                            "",
                            true,
                            null),
                    output);
        }
        RankDoor.Visitor rank = arrived.join();
        FrameInput in = behindTime();
        in.u64(); // when it began
        TaskFrames.done(
                in, context, mapped -> lastTold = Math.max(lastTold, SharedFiles.number(mapped.file(), rank.pid())));
    }

    private FrameInput behindTime() throws IOException {
        FrameInput in = arrived.join().link().input();
        in.u32();
        in.u64();
        return in;
    }

    /** What the ranks say themselves, those first that failed first. */
    private static TaskError explained(TaskError problem, Map<Integer, String> errors) {
        Optional<RankNote> note = errors.values().stream()
                .flatMap(text -> RankNote.in(text).stream())
                .min(Comparator.comparingLong(RankNote::nanos));
        if (note.isPresent()) {
            return note.get().failure();
        }
        return errors.values().stream()
                .flatMap(text -> RankNote.unusable(text).stream())
                .findFirst()
                .map(why -> new TaskError(why, "", false, problem))
                .orElse(problem);
    }

    /** With what the ranks have printed, which is kept in the run's folder, too. */
    private TaskError failed(TaskError failure, RankOutput output) {
        String printed = Interpreter.tail(output.kept(), TAIL);
        String text = printed.isBlank() ? failure.output() : failure.output() + "The ranks had printed:\n" + printed;
        TaskError whole = failure.withOutput(text);
        ExecutorPipeline.keep(context, whole);
        return whole;
    }

    /** The job is over, so that the answer comes now or never. */
    private int lastWords() {
        if (!arrived.isDone()) {
            return -1;
        }
        boolean interrupted = Thread.interrupted();
        try {
            return answer.get(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            return -1;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void leave() {
        RankDoor.@Nullable Visitor rank = arrived.getNow(null);
        if (rank == null) {
            return;
        }
        rank.link().close();
        for (Path folder : List.of(host.sharedMemory(), host.sharedDisk())) {
            SharedFiles.removeUntold(folder, rank.pid(), lastTold);
        }
    }
}
