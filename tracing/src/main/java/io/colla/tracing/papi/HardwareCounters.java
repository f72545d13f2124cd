package io.colla.tracing.papi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The processor's counters in this process; or why there are none. Thread-safe; what a thread counts is for that thread alone. */
public final class HardwareCounters {
    private static final String LIBRARY = "papi";
    /** Where modules of clusters say that they have put it. */
    private static final List<String> PLACES = List.of("PAPI_ROOT", "PAPI_DIR", "PAPI_HOME");
    /** The library takes its own version only: major, minor. */
    private static final int[][] VERSIONS = {
        {7, 2}, {7, 1}, {7, 0}, {7, 3}, {7, 4}, {6, 0}, {6, 1}, {5, 7}, {5, 6}, {5, 5}, {5, 4}, {5, 3}
    };

    /** And local: an application may bring a libpapi of its own. */
    private static final int RTLD_LAZY = 1;

    private final @Nullable Papi papi;
    private final List<Counter> counters;
    private final String absence;

    private HardwareCounters(@Nullable Papi papi, List<Counter> counters, String absence) {
        this.papi = papi;
        this.counters = counters;
        this.absence = absence;
    }

    /** Looks for the library and tries it. */
    public static HardwareCounters open() {
        for (String place : PLACES) {
            String folder = System.getenv(place);
            if (folder != null && !folder.isEmpty()) {
                NativeLibrary.addSearchPath(LIBRARY, folder + "/lib");
            }
        }
        return open(LIBRARY);
    }

    /** @param library name or path */
    static HardwareCounters open(String library) {
        Papi papi;
        try {
            papi = Native.load(library, Papi.class, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY));
        } catch (UnsatisfiedLinkError e) {
            return none("libpapi is not installed");
        }
        try {
            return tried(papi);
        } catch (UnsatisfiedLinkError e) {
            return none("libpapi lacks what is needed: " + e.getMessage());
        }
    }

    private static HardwareCounters tried(Papi papi) {
        if (!begun(papi)) {
            return none("libpapi is of no version from 5.3 to 7.4");
        }
        Pointer self = NativeLibrary.getInstance("c").getFunction("pthread_self");
        if (papi.PAPI_thread_init(self) != Papi.OK) {
            return none("libpapi does not count for each thread");
        }
        try (ThreadCounters trial = ThreadCounters.begin(papi, List.of(Counter.values()))) {
            return trial == null
                    ? none("the processor's counters cannot be read (" + paranoia()
                            + "; a virtual machine or a container may have none)")
                    : new HardwareCounters(papi, trial.counters(), "");
        }
    }

    private static boolean begun(Papi papi) {
        for (int[] version : VERSIONS) {
            int number = version[0] << 24 | version[1] << 16;
            if (papi.PAPI_library_init(number) == number) {
                return true;
            }
        }
        return false;
    }

    private static String paranoia() {
        String name = "perf_event_paranoid";
        try {
            return name + " is "
                    + Files.readString(Path.of("/proc/sys/kernel/" + name)).strip();
        } catch (IOException e) {
            return "this kernel has no " + name;
        }
    }

    /** There are none in this process. */
    public static HardwareCounters none(String why) {
        return new HardwareCounters(null, List.of(), why);
    }

    /** Why there are none, after "hardware counters: "; empty if there are some. */
    public String absence() {
        return absence;
    }

    /** Begins to count what this thread does; null if that cannot be done. */
    public @Nullable ThreadCounters begin() {
        return papi == null ? null : ThreadCounters.begin(papi, counters);
    }
}
