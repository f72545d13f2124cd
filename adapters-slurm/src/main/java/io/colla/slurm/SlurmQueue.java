package io.colla.slurm;

import io.colla.platform.Commands;
import io.colla.platform.Commands.Answer;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks Slurm about jobs: the queue first, in one question for all of them, which forgets ended jobs after minutes; then the accounting, which not every cluster
 * has. An ended job's exit code is the controller's to tell. Parts of arrays ({@code 12_3}) and of heterogeneous jobs ({@code 5+1}) are put together.
 */
final class SlurmQueue {
    private static final String SQUEUE_FORMAT = "--format=%i|%T|%D|%P|%e|%r|%j";
    private static final String SACCT_FORMAT = "--format=JobID,State,NNodes,Partition,ExitCode,Reason,JobName";
    private static final int FIELDS = 7;
    private static final Pattern EXIT_CODE = Pattern.compile("\\bExitCode=(\\d+):(\\d+)");
    private static final Pattern ID = Pattern.compile("\\bArrayTaskId=(\\S+)|\\bHetJobOffset=(\\d+)");

    private final Commands commands;

    SlurmQueue(Commands commands) {
        this.commands = commands;
    }

    List<JobInfo> mine() throws CommandException {
        Map<String, List<JobInfo>> parts = new LinkedHashMap<>();
        String out = commands.output("squeue", "--noheader", "--me", SQUEUE_FORMAT);
        out.lines().map(SlurmQueue::queued).forEach(part -> add(parts, part));
        return parts.entrySet().stream()
                .map(job -> JobInfo.ofParts(job.getKey(), job.getValue()))
                .toList();
    }

    Map<String, JobInfo> query(Collection<String> jobs) {
        List<String> reasons = new ArrayList<>();
        Map<String, List<JobInfo>> parts = new LinkedHashMap<>();
        Set<String> left = new LinkedHashSet<>(jobs);
        if (!left.isEmpty()) {
            ask(reasons, "squeue", "--noheader", "--states=all", SQUEUE_FORMAT, "--jobs=" + String.join(",", left))
                    .stream()
                    .map(SlurmQueue::queued)
                    .forEach(part -> add(parts, part));
        }
        left.removeIf(job -> !found(parts, job).isEmpty());
        if (!left.isEmpty()) {
            ask(
                            reasons,
                            "sacct",
                            "--noheader",
                            "--parsable2",
                            "--allocations",
                            SACCT_FORMAT,
                            "--jobs=" + String.join(",", left))
                    .stream()
                    .map(SlurmQueue::accounted)
                    .forEach(part -> add(parts, part));
        }
        Map<String, JobInfo> all = new LinkedHashMap<>();
        for (String job : jobs) {
            List<JobInfo> known = found(parts, job);
            all.put(job, known.isEmpty() ? unknown(job, reasons) : JobInfo.ofParts(job, withExitCodes(job, known)));
        }
        return all;
    }

    private static JobInfo unknown(String job, List<String> reasons) {
        String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
        return JobInfo.unknown(job, "neither squeue nor sacct knows it" + why);
    }

    private static void add(Map<String, List<JobInfo>> parts, JobInfo part) {
        parts.computeIfAbsent(whole(part.id()), id -> new ArrayList<>()).add(part);
    }

    /** The parts of a job, or the one part that was asked for. */
    private static List<JobInfo> found(Map<String, List<JobInfo>> parts, String job) {
        List<JobInfo> ofWhole = parts.getOrDefault(whole(job), List.of());
        return whole(job).equals(job)
                ? ofWhole
                : ofWhole.stream().filter(part -> part.id().equals(job)).toList();
    }

    /** {@code 12} of {@code 12_3}, {@code 12_[4-9%2]} and {@code 12+1}. */
    static String whole(String id) {
        return id.split("[_+]", 2)[0];
    }

    /** The lines of its answer; none, and a reason, where it fails. */
    private List<String> ask(List<String> reasons, String program, String... arguments) {
        try {
            Answer answer = commands.ask(program, List.of(arguments));
            if (answer.code() != 0) {
                reasons.add(
                        program + ": " + answer.words().replaceAll("(?:slurm_load_jobs|sacct:|squeue:) error: ", ""));
                return List.of();
            }
            return answer.out().lines().filter(line -> !line.isBlank()).toList();
        } catch (CommandException e) {
            reasons.add(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static JobInfo queued(String line) {
        String[] field = fields(line);
        return new JobInfo(
                field[0], field[6], status(field[1], field[5]), null, field[3], count(field[2]), end(field), List.of());
    }

    private static @Nullable Instant end(String[] field) {
        if (SlurmJobState.meaning(field[1], field[5]).ended()) {
            return null;
        }
        try {
            return LocalDateTime.parse(field[4]).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            return null; // N/A while it waits, and without a limit
        }
    }

    private static JobInfo accounted(String line) {
        String[] field = fields(line);
        Matcher code = Pattern.compile("(\\d+):(\\d+)").matcher(field[4]);
        JobStatus status = status(field[1], field[5]);
        Integer exitCode = status.state().ended() && code.matches() ? exitCode(code) : null;
        return new JobInfo(field[0], field[6], status, exitCode, field[3], count(field[2]), null, List.of());
    }

    private static String[] fields(String line) {
        String[] given = line.split("\\|", FIELDS);
        String[] fields = new String[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = i < given.length ? given[i].strip() : "";
        }
        return fields;
    }

    private static JobStatus status(String word, String said) {
        String reason = said.equals("None") ? "" : said;
        JobState state = SlurmJobState.meaning(word, reason);
        boolean odd = state == JobState.UNKNOWN && SlurmJobState.of(word).isEmpty();
        return new JobStatus(state, word, odd ? "Colla does not know Slurm's state '" + word + "'" : reason);
    }

    private static int count(String text) {
        return text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
    }

    private static int exitCode(Matcher code) {
        int signal = Integer.parseInt(code.group(2));
        return signal > 0 ? 128 + signal : Integer.parseInt(code.group(1));
    }

    private List<JobInfo> withExitCodes(String job, List<JobInfo> parts) {
        boolean open = parts.stream().anyMatch(part -> part.state().ended() && part.exitCode() == null);
        if (!open) {
            return parts;
        }
        Map<String, Integer> codes = new LinkedHashMap<>();
        for (String line : ask(new ArrayList<>(), "scontrol", "--oneliner", "show", "job", job)) {
            Matcher code = EXIT_CODE.matcher(line);
            if (code.find()) {
                codes.put(partOf(line), exitCode(code));
            }
        }
        return parts.stream()
                .map(part -> part.exitCode() == null && part.state().ended() ? with(part, codes) : part)
                .toList();
    }

    /** {@code _3} of an array, {@code +1} of a heterogeneous job, else empty. */
    private static String partOf(String line) {
        Matcher id = ID.matcher(line);
        if (!id.find()) {
            return "";
        }
        return id.group(1) == null ? "+" + id.group(2) : "_" + id.group(1);
    }

    private static JobInfo with(JobInfo part, Map<String, Integer> codes) {
        Integer code = codes.get(part.id().substring(whole(part.id()).length()));
        return new JobInfo(
                part.id(), part.name(), part.status(), code, part.queue(), part.nodes(), part.end(), part.parts());
    }
}
