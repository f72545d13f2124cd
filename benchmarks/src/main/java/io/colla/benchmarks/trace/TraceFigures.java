package io.colla.benchmarks.trace;

import com.sun.management.OperatingSystemMXBean;
import io.colla.tracing.EventTypes;
import io.colla.tracing.merge.TraceMerger;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The steps of {@code benchmarks/trace.sh} that need a JVM of their own. */
public final class TraceFigures {
    private static final double BILLION = 1e9;
    private static final double MILLION = 1e6;
    private static final String USAGE =
            "usage: record FOLDER | generate LOGS RECORDS | merge LOGS FOLDER [--gzip] | check PRV";

    private TraceFigures() {}

    public static void main(String[] args) throws IOException {
        String what = args.length < 2 ? "" : args[0];
        switch (what) {
            case "record" -> RecordingCost.measure(Path.of(args[1]));
            case "generate" -> SyntheticLogs.write(Path.of(args[1]), Long.parseLong(args[2]));
            case "merge" -> merge(Path.of(args[1]), Path.of(args[2]), args.length > 3);
            case "check" -> check(Path.of(args[1]));
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    private static void merge(Path logs, Path folder, boolean compress) throws IOException {
        long begun = System.nanoTime();
        TraceMerger.Written written = TraceMerger.merge(logs, folder, "synthetic", compress);
        say(compress ? "merged and compressed" : "merged", written.records(), System.nanoTime() - begun);
        System.out.printf(Locale.ROOT, "  %,d bytes%n", Files.size(written.prv()));
    }

    private static void check(Path prv) throws IOException {
        long begun = System.nanoTime();
        TraceChecker.Findings findings = TraceChecker.check(prv, EventTypes.spans());
        long records = findings.records();
        say("checked", records, System.nanoTime() - begun);
        findings.faults().forEach(System.out::println);
    }

    private static void say(String done, long records, long nanos) {
        System.out.printf(
                Locale.ROOT,
                "%s %,d records in %.1f s: %.2f million a second, %.2f a second of processor time%n",
                done,
                records,
                nanos / BILLION,
                records / (nanos / BILLION) / MILLION,
                records / (cpu() / BILLION) / MILLION);
    }

    /** Of this process since it began, so the JVM's own too. */
    private static double cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
