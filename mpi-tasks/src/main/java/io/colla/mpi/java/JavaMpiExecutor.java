package io.colla.mpi.java;

import io.colla.api.Layout;
import io.colla.api.Ranks;
import io.colla.binary.spawn.Redirect;
import io.colla.mpi.java.RankCall.Parameter;
import io.colla.mpi.launch.MpiEnd;
import io.colla.mpi.launch.MpiJob;
import io.colla.mpi.launch.MpiRun;
import io.colla.mpi.launch.MpiStarter;
import io.colla.platform.Errand;
import io.colla.platform.ExecutorHost;
import io.colla.platform.Ranked;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import io.colla.worker.FunctionCall;
import io.colla.worker.store.ValueCodec;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks whose body is a Java function with {@link Ranks}: a JVM for each rank calls it. Safe for use by many threads. */
public final class JavaMpiExecutor implements TaskExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(JavaMpiExecutor.class);

    private static final String STDOUT = "stdout";

    private final Bindings bindings = new Bindings(System.getenv());
    private @Nullable ExecutorHost host;
    private @Nullable MpiStarter starter;

    @Override
    public String kind() {
        return Ranked.JAVA;
    }

    @Override
    public void start(ExecutorHost host) {
        this.host = host;
        starter = new MpiStarter(host);
    }

    @Override
    public @Nullable Object execute(TaskContext context) throws TaskError, IOException, InterruptedException {
        Ranked body = (Ranked) context.body();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ValueCodec codec = new ValueCodec(loader);
        RankCommand command = RankCommand.of(loader, bindings.find(loader));
        RankCall call = call(body, context);
        try (CallServer server = CallServer.listen(started(host).scratch(), call, arguments(context), codec)) {
            MpiJob job = job(context, body.ranks(), command.argv(context, server.socket()));
            MpiRun run = started(starter).start(job, context);
            server.serve(run::end);
            MpiEnd end = run.await();
            print(context.outputFile(STDOUT));
            CallServer.Returned returned = server.ended();
            if (returned == null) {
                throw new RankFailures(context, codec).of(end);
            }
            if (end.error() != null) {
                LOG.info(
                        "{} had returned on all ranks when MPI failed: {}",
                        job.name(),
                        end.error().getMessage());
            }
            return take(returned, call, context);
        }
    }

    /** As what the function prints in other tasks, it is shown where the worker's own output goes. */
    private static void print(Path stdout) throws IOException {
        if (Files.exists(stdout)) {
            // Not by a channel, which the interrupt of a task that is ended would close.
            try (InputStream printed = new FileInputStream(stdout.toFile())) {
                printed.transferTo(System.out);
            }
            System.out.flush();
        }
    }

    private static RankCall call(Ranked body, TaskContext context) {
        List<String> names = context.definition().parameters();
        Map<String, Layout> layouts = body.ranks().layouts();
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < context.arguments(); i++) {
            boolean written = context.direction(i).writes() && !context.isFile(i);
            String type = written && context.argument(i) == null ? context.type(i) : null;
            Layout layout = layouts.get(names.get(i));
            parameters.add(new Parameter(
                    names.get(i), written, type, layout != null ? layout : layouts.get(Integer.toString(i))));
        }
        return new RankCall(body.function(), parameters, body.ranks().gather());
    }

    private static @Nullable Object[] arguments(TaskContext context) {
        @Nullable Object[] arguments = new @Nullable Object[context.arguments()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = context.argument(i);
        }
        return arguments;
    }

    private static MpiJob job(TaskContext context, Ranks ranks, List<String> argv) {
        return new MpiJob(
                context.definition().name(),
                List.of(new MpiJob.Part(ranks.count(), argv)),
                null,
                Map.of(),
                Redirect.NULL,
                Redirect.to(context.outputFile(STDOUT)),
                null,
                ranks.launcher(),
                ranks.flags());
    }

    private static @Nullable Object take(CallServer.Returned returned, RankCall call, TaskContext context) {
        returned.outputs().forEach(context::set);
        if (!FunctionCall.returnsValue(call.function())) {
            return null;
        }
        return call.gather() ? returned.results() : returned.results().get(0);
    }

    private static <T> T started(@Nullable T part) {
        return Objects.requireNonNull(part, "started first");
    }

    @Override
    public void errand(Errand errand) throws Exception {
        started(starter).errand(errand);
    }

    @Override
    public void close() {
        MpiStarter open = starter;
        if (open != null) {
            open.close();
        }
    }
}
