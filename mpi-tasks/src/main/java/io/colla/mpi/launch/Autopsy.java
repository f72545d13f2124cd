package io.colla.mpi.launch;

import io.colla.binary.Failures;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.Redirect;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes an error of how a job failed: which rank failed first, where, how, and what it wrote last. */
final class Autopsy {

    private static final int ERROR_BYTES = 4096;
    private static final int LAUNCHER_BYTES = 1 << 16;
    private static final int NOT_FOUND = 127;
    private static final int NO_FOLDER = 126;

    /** Codes from here on stand for signals. */
    private static final int SIGNALS = 128;

    private final TaskContext context;
    private final MpiJob job;
    private final MpiLauncher launcher;
    private final MpiRun.Started started;

    Autopsy(TaskContext context, MpiJob job, MpiLauncher launcher, MpiRun.Started started) {
        this.context = context;
        this.job = job;
        this.launcher = launcher;
        this.started = started;
    }

    MpiEnd of(ExitStatus status) throws IOException {
        String said = Tail.of(started.errors(), LAUNCHER_BYTES)
                .lines()
                .filter(line -> !line.contains("Warning: setpgid(")) // of a child that was quicker
                .collect(Collectors.joining("\n"));
        Map<Integer, String> errors = new TreeMap<>(started.site().lastErrors());
        started.companions().forEach(each -> errors.putAll(each.errors()));
        keep(errors, said);
        int code = MpiEnd.code(status);
        if (context.ended()) {
            return new MpiEnd(code, false, Failures.ended(job.name(), last(errors, said)), errors);
        }
        TaskError unstarted = unstarted(code, errors);
        if (unstarted != null) {
            return new MpiEnd(code, false, unstarted, errors);
        }
        Optional<RankFailure> failure = launcher.failure(said);
        if (failure.isPresent()) {
            return ofRank(failure.get(), code, errors, said);
        }
        boolean ofProgram = code < SIGNALS && launcher.tellsOfExitCodes(said);
        String sentence = ofProgram
                ? "ranks of " + job.name() + " exited with code " + code
                : Objects.requireNonNullElseGet(
                        ofDaemon(), () -> Failures.sentence(status, launcher.program() + " of " + job.name(), 0));
        return new MpiEnd(code, ofProgram, new TaskError(sentence, last(errors, said), true, null), errors);
    }

    private @Nullable String ofDaemon() {
        return started.companions().stream()
                .map(Companion::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .map(daemon -> "the ranks of " + job.name() + " were ended: " + daemon)
                .orElse(null);
    }

    /** What the text that ranks begin with says when it cannot become the program; no other attempt does better. */
    private @Nullable TaskError unstarted(int code, Map<Integer, String> errors) {
        for (Map.Entry<Integer, String> each : errors.entrySet()) {
            String said = each.getValue();
            if ((code == NOT_FOUND && said.startsWith("program '")) || (code == NO_FOLDER && said.contains("cd:"))) {
                return new TaskError(
                        said + ", on node " + Placement.of(context).nodeOf(each.getKey()), "", false, null);
            }
        }
        return null;
    }

    private MpiEnd ofRank(RankFailure failure, int code, Map<Integer, String> errors, String said) {
        String own = errors.getOrDefault(failure.rank(), "");
        String node = Placement.of(context).nodeOf(failure.rank());
        String sentence = "rank " + failure.rank() + " of " + job.name() + " on node " + node + " " + failure.how();
        String output = own.isEmpty() ? last(errors, said) : end(own);
        boolean ofProgram = !failure.how().contains("signal");
        return new MpiEnd(code, ofProgram, new TaskError(sentence, output, true, null), errors);
    }

    /** What is known beside the rank that failed. */
    private String last(Map<Integer, String> errors, String said) {
        if (job.stderr() != null) {
            return end(said);
        }
        StringBuilder text = new StringBuilder();
        errors.forEach(
                (rank, end) -> text.append(text.length() == 0 ? "" : "\n").append(indented(rank, end)));
        if (text.length() == 0) {
            text.append(said.isEmpty() ? printed() : said);
        }
        return end(text.toString());
    }

    private static String end(String text) {
        return text.length() > ERROR_BYTES ? text.substring(text.length() - ERROR_BYTES) : text;
    }

    private String printed() {
        return job.stdout() instanceof Redirect.To to ? Tail.of(to.file(), ERROR_BYTES) : "";
    }

    private String indented(int rank, String end) {
        return "rank " + rank + " on node " + Placement.of(context).nodeOf(rank) + ":\n" + end;
    }

    /** Puts what all ranks and the launcher wrote where the output of failed tasks is kept. */
    private void keep(Map<Integer, String> errors, String said) throws IOException {
        if (job.stderr() != null) {
            return;
        }
        Path file = context.outputFile("stderr");
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            for (Map.Entry<Integer, String> each : errors.entrySet()) {
                out.write((indented(each.getKey(), each.getValue()) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            if (!said.isEmpty()) {
                out.write((launcher.program() + ":\n" + said + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
