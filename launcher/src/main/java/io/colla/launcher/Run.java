package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Options.When;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.TraceOptions;
import io.colla.launcher.jobs.JobOrders;
import io.colla.launcher.log.RunLog;
import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import io.colla.platform.BatchScript;
import io.colla.platform.ShellWords;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.graph.GraphFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One run from its start to its summary. The main program has threads or a process of its own; the calling thread waits for the first of: its end, a signal, the
 * time limit. A Java application that calls {@link System#exit} is finished from a shutdown hook.
 */
final class Run {
    private static final Duration APPLICATION_GRACE = Duration.ofSeconds(2);
    private static final Duration WORKER_GRACE = Duration.ofSeconds(10);
    private static final Duration FORCED_GRACE = Duration.ofSeconds(2);

    private final RunPlan plan;
    private final Context context;
    private final long startNanos;
    private final Instant started = Instant.now();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private volatile @Nullable Backend backend;
    private @Nullable Progress progress;
    private boolean finished;

    /**
     * One that has a folder and a log, and nothing running yet.
     *
     * @param usual the run's name unless the settings give another
     */
    static Run of(String usual, MainProgram program, Settings settings, Context context, long startNanos)
            throws IOException {
        String given = settings.get(Options.NAME);
        String name = given == null ? usual : given;
        Path runDir = settings.get(Options.RUN_DIR);
        Path parent = context.loader().directory().resolve(settings.need(Options.RUNS_DIR));
        RunFolder folder = runDir == null ? RunFolder.numbered(parent, name) : RunFolder.named(runDir);
        RunLog.process().open(folder.log(), settings.need(Options.DEBUG));
        RunPlan plan =
                new RunPlan(name, settings, program, folder, context.loader().environment());
        return new Run(plan, context, startNanos);
    }

    private Run(RunPlan plan, Context context, long startNanos) {
        this.plan = plan;
        this.context = context;
        this.startNanos = startNanos;
    }

    RunFolder folder() {
        return plan.folder();
    }

    /** @return the exit code */
    int execute(Backend.Factory factory) throws InterruptedException, ExecutionException {
        Signals signals = Signals.handle(this::signalled, this::force);
        log("Colla " + Version.ofProcess().version() + ", Java " + Runtime.version() + ", run '" + plan.name() + "'");
        if (!signals.unavailable().isEmpty()) {
            log("signals that this JVM keeps for itself: " + signals.unavailable());
        }
        String job = plan.environment().getOrDefault(BatchScript.FOLDER_VARIABLE, "");
        if (!job.isEmpty()) {
            JobOrders.follow(Path.of(job), () -> ending.complete(Ending.signal(ExitCode.TERMINATED)));
        }
        plan.program().prepare(makeTraceFolder());
        if (plan.settings().need(Options.GRAPH)) {
            makeGraphFolder();
        }
        Backend opened = factory.open(plan);
        synchronized (this) {
            backend = opened;
        }
        opened.onNews(this::tellNews);
        opened.onTimeUp(sentence -> ending.complete(Ending.jobEnds(sentence)));
        Thread hook = new Thread(this::finishInHook, "colla-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        if (!ending.isDone()) { // a signal may have come while workers were started
            showProgress(opened);
            plan.program().start(opened, ending::complete);
        }
        Ending how = await();
        finish(how);
        return how.code();
    }

    private void tellNews(String sentence) {
        log(sentence);
        if (!plan.settings().need(Options.QUIET)) {
            // A terminal's progress line gets out of the way of what goes to System.err.
            PrintStream err = context.terminal().isTerminal() ? System.err : context.err();
            err.println("colla: " + sentence);
        }
    }

    /** The warning that the job's time is nearly over is for the backend, if it knows that time. */
    private boolean signalled(ExitCode code) {
        Backend running = backend;
        if (code == ExitCode.WARNED && running != null && running.warned()) {
            log("the batch system has warned of the job's end");
            return false;
        }
        ending.complete(Ending.signal(code));
        return true;
    }

    /** @return what the program is told, to record too; empty if the run is not traced */
    private Map<String, String> makeTraceFolder() {
        TraceSettings settings = TraceOptions.settings(plan.settings());
        if (settings == null) {
            return Map.of();
        }
        Path folder = plan.folder().path();
        String name = plan.settings().get(TraceOptions.TRACE_NAME);
        try {
            TraceFolder.make(folder, settings, name == null ? String.valueOf(folder.getFileName()) : name);
        } catch (IOException e) {
            throw new UsageException("--trace: cannot make a folder in the run's: " + Words.reason(e), e);
        }
        ExtraeRun.prepare(folder, settings, plan.settings(), plan.environment()).ifPresent(this::tellNews);
        return TraceFolder.variables(settings, TraceFolder.logs(folder));
    }

    private void makeGraphFolder() {
        try {
            GraphFolder.make(plan.folder().path());
        } catch (IOException e) {
            throw new UsageException("--graph: cannot make a folder in the run's: " + Words.reason(e), e);
        }
    }

    /** Nor is a run spoilt by its graph. */
    private void drawGraph() {
        if (!plan.settings().need(Options.GRAPH)) {
            return;
        }
        try {
            RunGraph graph = RunGraph.of(plan.folder().path(), false);
            log("the graph, " + graph.title() + ": " + graph.dot(null));
            tellNews("the graph of its tasks is in " + graph.svg(null, Run::log));
        } catch (UsageException e) {
            context.err().println("colla: " + e.getMessage());
        }
    }

    /**
     * A run is not spoilt by its trace.
     *
     * @return what to tell of it behind the summary; empty if there is none
     */
    private String mergeTrace() {
        if (TraceOptions.settings(plan.settings()) == null) {
            return "";
        }
        try {
            TraceFiles.Made made = TraceFiles.merge(plan.folder().path(), false, List.of(), plan.environment());
            made.remarks().forEach(sentence -> context.err().println("colla: " + sentence));
            log("the trace has " + made.records() + " records: " + made.prv());
            if (!made.clocks().isEmpty()) {
                log(made.clocks());
            }
            Path here = context.loader().directory().toAbsolutePath();
            Path run = plan.folder().path().toAbsolutePath();
            String shown = String.valueOf(run.startsWith(here) ? here.relativize(run) : run);
            return "  where the time went: colla trace report " + ShellWords.quote(shown);
        } catch (UsageException e) {
            context.err().println("colla: " + e.getMessage());
            return "";
        }
    }

    private Ending await() throws InterruptedException, ExecutionException {
        Duration limit = plan.settings().get(Options.TIME_LIMIT);
        if (limit == null) {
            return ending.get();
        }
        try {
            return ending.get(limit.toNanos() - (System.nanoTime() - startNanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Ending timeLimit = Ending.timeLimit(limit);
            return ending.complete(timeLimit) ? timeLimit : ending.get();
        }
    }

    private void showProgress(Backend opened) {
        When when = plan.settings().need(Options.PROGRESS);
        boolean terminal = context.terminal().isTerminal();
        boolean quiet = plan.settings().need(Options.QUIET);
        boolean inTheWay = !terminal || quiet || plan.program().printsItself();
        if (when == When.NEVER || (when == When.AUTO && inTheWay)) {
            return;
        }
        Progress shown = Progress.start(context.err(), opened::status, context.terminal(), startNanos);
        synchronized (this) {
            progress = shown;
        }
        if (terminal) {
            PrintStream out = System.out;
            PrintStream err = System.err;
            System.setOut(shown.guard(out, Charset.defaultCharset()));
            System.setErr(shown.guard(err, Charset.defaultCharset()));
        }
    }

    /** Somebody called {@link System#exit}: the application may, a task in this process may not. A hook can change the exit code by force only. */
    private void finishInHook() {
        Backend running;
        boolean over;
        synchronized (this) {
            running = backend;
            over = finished;
        }
        List<String> tasks = running == null || over ? List.of() : running.tasksThatExit();
        if (tasks.isEmpty()) {
            finish(null);
            return;
        }
        Ending how = Ending.taskExited(tasks);
        finish(how);
        System.out.flush();
        context.err().flush();
        Runtime.getRuntime().halt(how.code());
    }

    /**
     * Ends everything and tells; once.
     *
     * @param how null when the application called {@link System#exit}
     */
    private synchronized void finish(@Nullable Ending how) {
        Backend running = backend;
        if (finished || running == null) {
            return;
        }
        finished = true;
        if (progress != null) {
            progress.close();
        }
        RunStatus before = running.status();
        if (how != null) {
            tell(how);
        }
        if (how == null || how.early()) {
            running.cancel(how == null ? "the application called System.exit" : how.outcome());
        }
        if (how != null && how.early()) {
            plan.program().end(how, APPLICATION_GRACE);
        }
        for (String left : running.stop(WORKER_GRACE)) {
            context.err().println("colla: " + left);
        }
        String trace = mergeTrace();
        drawGraph();
        summarise(how, before, running.status(), running);
        if (!trace.isEmpty() && !plan.settings().need(Options.QUIET)) {
            context.err().println(trace);
            context.err().flush();
        }
    }

    private void tell(Ending how) {
        if (how.message().isEmpty()) {
            return;
        }
        context.err().println(how.isTrace() ? how.message() : "colla: " + how.message());
        if (how.cause() != null) {
            RunLog.process().write(Level.ERROR, "Run", how.outcome(), how.cause());
            if (plan.settings().need(Options.DEBUG) && !how.isTrace()) {
                how.cause().printStackTrace(context.err());
            }
        }
    }

    private void summarise(@Nullable Ending how, RunStatus before, RunStatus after, Backend ended) {
        RunStatus status = new RunStatus(
                after.done(),
                after.running(),
                after.waiting(),
                after.failed(),
                after.cancelled(),
                0,
                before.coresTotal(),
                before.nodes());
        List<TaskSummary> tasks = ended.tasks();
        RunSummary summary = new RunSummary(
                plan.name(),
                how == null ? "the application called System.exit" : how.outcome(),
                how == null ? null : how.code(),
                started,
                Duration.ofNanos(System.nanoTime() - startNanos),
                status,
                tasks,
                ended.busySeconds(),
                plan.folder().path());
        try {
            Files.writeString(plan.folder().summaryText(), summary.text());
            Files.writeString(plan.folder().summaryJson(), summary.json());
        } catch (IOException e) {
            context.err().println("colla: cannot write the summary: " + Words.reason(e));
        }
        log("ended: " + summary.outcome());
        if (!plan.settings().need(Options.QUIET)) {
            context.err().print(summary.text());
            context.err().flush();
        }
    }

    /** A second Ctrl-C: the person does not want to wait. */
    private void force() {
        Thread last = new Thread(
                () -> {
                    Backend running = backend;
                    if (running != null) {
                        running.stop(Duration.ZERO);
                    }
                },
                "colla-force");
        last.setDaemon(true);
        last.start();
        try {
            last.join(FORCED_GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }

    private static void log(String message) {
        RunLog.process().write(Level.INFO, "Run", message, null);
    }
}
