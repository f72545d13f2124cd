package io.colla.launcher.jobs;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what becomes of jobs: one question to each batch system, whatever the number of jobs. */
public final class JobDesk {
    /** Jobs that are over are shown for this long. */
    private static final Duration RECENT = Duration.ofDays(7);

    private final JobBook book;
    private final Function<@Nullable String, JobControl> controls;
    private final Map<String, JobControl> known = new TreeMap<>();

    /** @param controls the batch system of a name, or the one that is here for null; may throw {@link io.colla.api.UsageException} */
    public JobDesk(JobBook book, Function<@Nullable String, JobControl> controls) {
        this.book = book;
        this.controls = controls;
    }

    /** For this person, in this environment. */
    public static JobDesk of(Map<String, String> environment) {
        return new JobDesk(JobBook.of(environment), system -> BatchSystems.find(system, environment));
    }

    /** The note about a job that Colla submitted, by its id or that of a part. */
    public Optional<JobRecord> record(String id) {
        return book.find(id);
    }

    /** The batch system of a job. */
    public JobControl control(String id) {
        return named(record(id).map(JobRecord::system).orElse(null));
    }

    private JobControl named(@Nullable String system) {
        return known.computeIfAbsent(system == null ? "" : system, name -> controls.apply(system));
    }

    /** How these jobs stand, by the ids as they are given. Parts of jobs may be named too. */
    public Map<String, JobView> look(Collection<String> ids) {
        Map<String, JobRecord> records = new LinkedHashMap<>();
        Map<JobControl, List<String>> questions = new LinkedHashMap<>();
        Map<String, String> asked = new LinkedHashMap<>();
        for (String id : ids) {
            JobRecord record = record(id).orElse(null);
            if (record != null) {
                records.put(id, record);
            }
            boolean part = !JobTraces.indexOf(id).isEmpty();
            asked.put(id, record == null || part ? id : record.id());
            questions
                    .computeIfAbsent(named(record == null ? null : record.system()), system -> new ArrayList<>())
                    .add(asked.getOrDefault(id, id));
        }
        Map<String, JobInfo> answers = new LinkedHashMap<>();
        questions.forEach((system, jobs) -> answers.putAll(system.query(jobs)));
        Map<String, JobView> views = new LinkedHashMap<>();
        for (String id : ids) {
            JobInfo info = answers.getOrDefault(asked.getOrDefault(id, id), JobInfo.unknown(id, ""));
            views.put(id, view(records.get(id), info));
        }
        return views;
    }

    private static JobView view(@Nullable JobRecord record, JobInfo info) {
        return new JobView(record, record == null ? info : JobTraces.complete(record, info));
    }

    /**
     * The person's jobs, the newest first: those that are not over, and those of Colla that ended in the last days.
     *
     * @param others whether jobs that Colla did not submit are wanted too
     * @param systems to ask
     * @throws CommandException if none of them answers
     */
    public List<JobView> list(boolean others, Collection<JobControl> systems) throws CommandException {
        List<JobView> views = new ArrayList<>();
        CommandException silent = null;
        int answers = 0;
        for (JobControl system : systems) {
            try {
                views.addAll(list(others, system));
                answers++;
            } catch (CommandException e) {
                silent = e;
            }
        }
        if (silent != null && answers == 0) {
            throw silent;
        }
        return views;
    }

    private List<JobView> list(boolean others, JobControl control) throws CommandException {
        Map<String, JobInfo> live = new LinkedHashMap<>();
        control.mine().forEach(job -> live.put(JobBook.number(job.id()), job));
        Instant recent = Instant.now().minus(RECENT);
        List<JobRecord> records = book.all().stream()
                .filter(record -> record.system().equals(control.system()))
                .filter(record -> record.submitted().isAfter(recent) || live.containsKey(JobBook.number(record.id())))
                .toList();
        List<String> over = records.stream()
                .map(JobRecord::id)
                .filter(id -> !live.containsKey(JobBook.number(id)))
                .toList();
        Map<String, JobInfo> ended = over.isEmpty() ? Map.of() : control.query(over);
        List<JobView> views = new ArrayList<>();
        for (JobRecord record : records) {
            JobInfo running = live.remove(JobBook.number(record.id()));
            JobInfo info =
                    running != null ? running : ended.getOrDefault(record.id(), JobInfo.unknown(record.id(), ""));
            views.add(view(record, info));
        }
        if (others) {
            live.values().forEach(info -> views.add(new JobView(null, info)));
        }
        return views;
    }
}
