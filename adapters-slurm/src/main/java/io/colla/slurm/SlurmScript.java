package io.colla.slurm;

import io.colla.api.UsageException;
import io.colla.platform.BatchScript;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Dependency;
import io.colla.platform.JobRequest.Mail;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The batch script in Slurm's dialect: {@code #SBATCH} lines (sbatch(1)). */
final class SlurmScript {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./*\\[\\]&|()-]+");
    private static final String ID = "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}";
    private static final String INDEX = "${SLURM_ARRAY_TASK_ID:-}";
    private static final Duration LONGEST_WARNING = Duration.ofSeconds(60);
    private static final long MIB = 1 << 20;

    private final JobRequest request;
    private final List<String> lines = new ArrayList<>();

    private SlurmScript(JobRequest request) {
        this.request = request;
    }

    static String of(JobRequest request) {
        SlurmScript script = new SlurmScript(request);
        script.directives();
        return BatchScript.of(request, new BatchScript.Dialect("sbatch", script.lines, ID, INDEX, false));
    }

    private void directives() {
        option("job-name", request.name());
        place(request.place());
        terms(request.terms());
        for (int i = 0; i < request.parts().size(); i++) {
            if (i > 0) {
                lines.add("#SBATCH hetjob");
            }
            part(request.parts().get(i));
        }
    }

    private void place(Place place) {
        option("partition", place.queue());
        option("account", place.account());
        option("qos", place.qos());
        option("reservation", place.reservation());
        option("licenses", place.licenses());
    }

    private void terms(Terms terms) {
        Duration time = terms.time();
        if (time != null) {
            option("time", clock(time));
        }
        // The script is warned before the end, and survives the loss of a node; what it prints is kept when it is
        // started again.
        option("signal", "B:USR1@" + warning(time).toSeconds());
        option("output", output());
        option("open-mode", "append");
        option(terms.requeue() ? "requeue" : "no-requeue", "");
        if (!terms.dependencies().isEmpty()) {
            option(
                    "dependency",
                    terms.dependencies().stream().map(SlurmScript::dependency).collect(Collectors.joining(",")));
            option("kill-on-invalid-dep", "yes");
        }
        if (terms.array() != null && request.parts().size() > 1) {
            throw new UsageException("Slurm has no arrays of jobs with several parts; leave out --array or --part");
        }
        option("array", terms.array());
        Mail mail = terms.mail();
        if (mail != null) {
            option("mail-user", mail.address());
            option("mail-type", mailTypes(mail));
        }
        terms.extra().forEach(flag -> lines.add("#SBATCH " + oneLine(flag)));
    }

    private void part(Part part) {
        option("nodes", Integer.toString(part.nodes()));
        option("ntasks-per-node", "1");
        if (part.cpus() > 0) {
            option("cpus-per-task", Integer.toString(part.cpus()));
        }
        if (part.memory() > 0) {
            option("mem", (part.memory() + MIB - 1) / MIB + "M");
        }
        if (part.gpus().count() > 0) {
            String type = part.gpus().type();
            option(
                    "gpus-per-node",
                    (type == null ? "" : type + ":") + part.gpus().count());
        }
        option("constraint", part.constraint());
        option("partition", part.queue());
        if (request.terms().exclusive()) {
            option("exclusive", "");
        }
        option("no-kill", "");
    }

    /** A tenth of the job's time, at most a minute. */
    private static Duration warning(@Nullable Duration time) {
        if (time == null) {
            return LONGEST_WARNING;
        }
        Duration tenth = time.dividedBy(10).plusSeconds(1);
        return tenth.compareTo(LONGEST_WARNING) < 0 ? tenth : LONGEST_WARNING;
    }

    /** Slurm knows %j as the id of the part of an array; %A is the array's. */
    private String output() {
        String pattern = request.body().output();
        if (pattern.contains("\\")) {
            throw new UsageException(
                    "--output: Slurm takes no backslash in the name of the file; choose another name or folder");
        }
        return request.terms().array() == null ? pattern : pattern.replaceAll("(?<!%)((?:%%)*)%j", "$1%A");
    }

    private static String dependency(Dependency dependency) {
        String type =
                switch (dependency.when()) {
                    case STARTED -> "after";
                    case SUCCEEDED -> "afterok";
                    case FAILED -> "afternotok";
                    case ENDED -> "afterany";
                };
        return type + ":" + dependency.job();
    }

    private static String mailTypes(Mail mail) {
        List<String> types = new ArrayList<>();
        if (mail.begin()) {
            types.add("BEGIN");
        }
        if (mail.end()) {
            types.add("END");
        }
        if (mail.fail()) {
            types.add("FAIL");
        }
        return String.join(",", types);
    }

    static String clock(Duration time) {
        long seconds = time.toSeconds() + (time.toNanosPart() > 0 ? 1 : 0);
        return String.format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** A value that is null is not written; an empty one makes a flag without a value. */
    private void option(String name, @Nullable String value) {
        if (value != null) {
            lines.add("#SBATCH --" + name + (value.isEmpty() ? "" : "=" + quote(oneLine(value))));
        }
    }

    /** sbatch takes a backslash for an escape everywhere, and quotes group. */
    private static String quote(String value) {
        return PLAIN.matcher(value).matches()
                ? value
                : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String oneLine(String value) {
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new UsageException("'" + value.replaceAll("[\\n\\r\\x00]+", " ")
                    + "' has a line break, which Slurm's options cannot have; write it in one line");
        }
        return value;
    }
}
