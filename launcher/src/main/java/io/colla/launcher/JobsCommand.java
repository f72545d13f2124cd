package io.colla.launcher;

import io.colla.launcher.config.Settings;
import io.colla.launcher.jobs.JobDesk;
import io.colla.launcher.jobs.JobRecord;
import io.colla.launcher.jobs.JobView;
import io.colla.launcher.jobs.Submission;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla jobs}: the jobs that were submitted, and how they stand. */
final class JobsCommand implements Subcommand {
    private static final String JSON = "--json";
    private static final String ALL = "--all";
    private static final int WIDTH = 80;
    private static final int LEAST_ID = 6;
    private static final int MOST_ID = 16;
    private static final int NAME = 18;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Lists the jobs that you submitted with Colla, and how they stand.")
                .description("%nJobs that are not over, and those of the last seven days, the newest first.%n");
        spec.addOption(
                OptionSpec.builder(ALL).description("Your other jobs, too.").build());
        spec.addOption(OptionSpec.builder(JSON).description("For programs.").build());
        SettingsFlags.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Settings settings = SettingsFlags.load(line, context.loader());
        Map<String, String> environment = context.loader().environment();
        try {
            List<JobView> views = JobDesk.of(environment)
                    .list(line.hasMatchedOption(ALL), Submission.controls(settings, environment));
            context.out().print(line.hasMatchedOption(JSON) ? json(views) : text(views, Instant.now()));
        } catch (CommandException e) {
            throw new ExitException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
        return ExitCode.OK.number();
    }

    static String text(List<JobView> views, Instant now) {
        if (views.isEmpty()) {
            return "no jobs; 'colla jobs --all' also shows those that were not submitted with Colla\n";
        }
        int widest = views.stream().mapToInt(view -> view.id().length()).max().orElse(0);
        int id = Math.max(LEAST_ID, Math.min(MOST_ID, widest));
        String form = "%-" + id + "s  %-" + NAME + "s  %-11s  %5s  %11s  %s";
        StringBuilder out = new StringBuilder();
        add(out, String.format(Locale.ROOT, form, "job", "name", "state", "nodes", "time left", "details"));
        for (JobView view : views) {
            JobInfo info = view.info();
            add(
                    out,
                    String.format(
                            Locale.ROOT,
                            form,
                            Words.cut(view.id(), id),
                            Words.cut(oneLine(view.name()), NAME),
                            word(view.state()),
                            info.nodes() == 0 ? "-" : info.nodes(),
                            timeLeft(info, now),
                            oneLine(details(info))));
        }
        return out.toString();
    }

    private static void add(StringBuilder out, String line) {
        out.append(Words.cut(line, WIDTH).stripTrailing()).append('\n');
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /** As people read it: {@code node failed}. */
    static String word(JobState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String timeLeft(JobInfo info, Instant now) {
        Instant end = info.end();
        if (end == null || info.state().ended()) {
            return "-";
        }
        return Words.clock(Duration.between(now, end.isBefore(now) ? now : end));
    }

    /** Why it waits or how it ended; of several parts, how many are in which state. */
    static String details(JobInfo info) {
        if (info.parts().size() > 1) {
            Map<JobState, Integer> counts = new TreeMap<>();
            info.parts().forEach(part -> counts.merge(part.state(), 1, Integer::sum));
            List<String> words = new ArrayList<>();
            counts.forEach((state, count) -> words.add(count + " " + word(state)));
            return counts.size() == 1 && info.state() == JobState.SUCCEEDED
                    ? "all " + info.parts().size() + " parts"
                    : String.join(", ", words);
        }
        Integer code = info.exitCode();
        String reason = info.status().reason();
        if (info.state() == JobState.FAILED && code != null && code != 0) {
            return "exit code " + code;
        }
        return info.state() == JobState.SUCCEEDED || info.state() == JobState.RUNNING ? "" : reason;
    }

    private static String json(List<JobView> views) {
        return Json.of(views.stream().map(JobsCommand::map).toList());
    }

    /** For programs. */
    static Map<String, @Nullable Object> map(JobView view) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("job", view.id());
        map.put("name", view.name());
        put(map, view.info());
        JobRecord record = view.record();
        map.put("submitted", record == null ? null : record.submitted().truncatedTo(ChronoUnit.SECONDS));
        map.put("folder", record == null ? null : record.folder());
        map.put("output", record == null ? null : record.outputFile(record.isArray() ? "%a" : ""));
        map.put(
                "parts",
                view.info().parts().stream()
                        .map(part -> {
                            Map<String, @Nullable Object> each = new LinkedHashMap<>();
                            each.put("job", part.id());
                            put(each, part);
                            return each;
                        })
                        .toList());
        return map;
    }

    private static void put(Map<String, @Nullable Object> map, JobInfo info) {
        map.put("state", info.state().name().toLowerCase(Locale.ROOT));
        map.put("word", info.status().word());
        map.put("reason", info.status().reason());
        map.put("exit_code", info.exitCode());
        map.put("queue", info.queue());
        map.put("nodes", info.nodes());
        map.put("end", info.end());
    }
}
