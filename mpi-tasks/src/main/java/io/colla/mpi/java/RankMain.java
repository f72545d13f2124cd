package io.colla.mpi.java;

import io.colla.worker.ApplicationClassLoader;
import io.colla.worker.FunctionCall;
import io.colla.worker.store.ValueCodec;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rank of a Java function: {@code RankMain SOCKET CLASS-PATH}. The classes of the function and of mpi.jar come from the class path, loaded as in a worker; from this JVM's own if it is
 * empty. A rank that fails says so by a {@link FailureNote} and ends its process, and so the job.
 */
public final class RankMain {
    private static final int LONGEST_EXCEPTION = 128 << 10;
    private static final int FAILED = 1;

    private final Path socket;
    private final ClassLoader loader;
    private volatile boolean over;
    private volatile int rank = environmentRank();

    private RankMain(Path socket, ClassLoader loader) {
        this.socket = socket;
        this.loader = loader;
    }

    /** For the launcher of MPI. */
    public static void main(String[] arguments) throws IOException {
        RankMain main = new RankMain(Path.of(arguments[0]), loader(arguments[1]));
        Thread.currentThread().setContextClassLoader(main.loader);
        // What the function prints is shown in one order; the real standard error is for what nobody expects.
        System.setErr(System.out);
        Runtime.getRuntime().addShutdownHook(main.new Exiting());
        try {
            main.run();
        } catch (Throwable thrown) { // whatever it is, it ends the job
            main.fail(thrown);
        }
        main.over = true;
        System.exit(0);
    }

    private static ClassLoader loader(String classPath) throws MalformedURLException {
        if (classPath.isEmpty()) {
            return ClassLoader.getSystemClassLoader();
        }
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new ApplicationClassLoader(urls.toArray(URL[]::new));
    }

    private void run() throws Exception {
        Mpi mpi = Mpi.init(loader);
        rank = mpi.rank();
        RankLink link = rank == 0 ? RankLink.connect(socket) : null;
        RankData data = new RankData(mpi, loader, link);
        RankCall call = data.call();
        @Nullable Object[] arguments = data.arguments(call);
        if (link != null) {
            link.watch();
        }
        Object result = FunctionCall.call(call.function(), arguments);
        data.giveBack(call, arguments, result);
        mpi.end();
    }

    /** As launchers tell it, before MPI does. */
    private static int environmentRank() {
        for (String name : List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID")) {
            String value = System.getenv(name);
            if (value != null && value.matches("\\d{1,9}")) {
                return Integer.parseInt(value);
            }
        }
        return 0;
    }

    private void fail(Throwable thrown) {
        over = true;
        note(thrown);
        Runtime.getRuntime().halt(FAILED);
    }

    /** Runs when the JVM ends. A class rather than a lambda, which takes longer to make: all ranks start with it. */
    private final class Exiting extends Thread {
        Exiting() {
            super("colla-exit");
        }

        @Override
        public void run() {
            if (!over) {
                ExitWatch.exit().ifPresent(RankMain.this::fail);
            }
        }
    }

    private void note(Throwable thrown) {
        System.out.flush();
        System.err.flush();
        boolean ofMpi = isOfMpi(thrown);
        FunctionCall.Thrown described =
                FunctionCall.describe(thrown, new ValueCodec(loader), !ofMpi, LONGEST_EXCEPTION);
        String line = "\n" + new FailureNote(rank, ofMpi, System.currentTimeMillis(), described).line();
        // The function may have put something else in the place of System.err.
        try (FileOutputStream errors = new FileOutputStream(FileDescriptor.err)) {
            errors.write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // Then the exit code alone has to tell.
        }
    }

    /** Whether it has classes of the bindings, which workers do not know. */
    private static boolean isOfMpi(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each.getClass().getName().startsWith("mpi.")) {
                return true;
            }
        }
        return false;
    }
}
