package io.colla.master;

import io.colla.api.Colla;
import io.colla.api.UsageException;
import io.colla.api.spi.SessionProvider;
import io.colla.platform.Allocation;
import io.colla.platform.LocalSystem;
import io.colla.worker.TaskThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions with the run that the launcher has started in this process; without one, starts a run on this machine's cores that ends with the process.
 */
public final class MasterSessionProvider implements SessionProvider {
    private static @Nullable Master current;

    /** The run that applications of this process join from now on; null for none. */
    public static synchronized void use(@Nullable Master master) {
        current = master;
    }

    @Override
    public Colla open() {
        if (TaskThreads.isCurrent()) {
            throw Session.inTask();
        }
        return master().session();
    }

    private static synchronized Master master() {
        Master known = current;
        if (known == null) {
            known = startHere();
            Master started = known;
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "colla-end"));
            current = known;
        }
        return known;
    }

    private static Master startHere() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path folder = Files.createTempDirectory(temporary, "colla-run-");
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            ClassLoader loader = context != null ? context : MasterSessionProvider.class.getClassLoader();
            Allocation here = new LocalSystem().allocation(System.getenv());
            return Master.start(MasterSettings.embedded(here, folder, temporary, loader));
        } catch (IOException e) {
            throw new UsageException("no run folder can be made in " + temporary + ": " + e.getMessage(), e);
        }
    }
}
