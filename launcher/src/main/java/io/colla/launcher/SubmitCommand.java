package io.colla.launcher;

import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.jobs.JobRecord;
import io.colla.launcher.jobs.Submission;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla submit}: a run in a batch job of its own. */
final class SubmitCommand implements Subcommand {
    private static final String JSON = "--json";
    private static final String DRY_RUN = "--dry-run";
    private static final String SLURM = "--slurm";
    private static final String PBS = "--pbs";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Submits a run as a batch job.")
                .customSynopsis(
                        "colla submit [OPTIONS] app.py [ARGS...]",
                        "       colla submit [OPTIONS] -m MODULE [ARGS...]",
                        "       colla submit [OPTIONS] app.jar [ARGS...]",
                        "       colla submit [OPTIONS] -cp CLASSPATH Main [ARGS...]")
                .description(
                        "%nTakes what 'colla run' takes, and options for the job; those are the same for Slurm and PBS."
                                + " Prints the job's id. The script that it writes stays in colla-jobs/.%n")
                .footer(
                        "%nExamples:",
                        "  colla submit --nodes 4 --exclusive --time 01:00:00 app.py input.txt",
                        "  colla submit --part nodes=1,gpus-per-node=2 --part nodes=4 app.py",
                        "  colla logs -f $(colla submit --time 10m app.py)");
        spec.addOption(OptionSpec.builder(DRY_RUN)
                .description("Print the batch script, and submit nothing.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("Print the job's id, folder, script and output file for programs.")
                .build());
        spec.addOption(OptionSpec.builder(SLURM)
                .description("Submit to Slurm: --batch-system slurm.")
                .build());
        spec.addOption(OptionSpec.builder(PBS)
                .description("Submit to PBS or Torque: --batch-system pbs.")
                .build());
        RunCommand.addApplication(spec);
        return spec;
    }

    @Override
    public String[] words(String[] given, CommandSpec spec) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < given.length; i++) {
            boolean mine = given[i].equals(SLURM) || given[i].equals(PBS);
            words.add(given[i]);
            if (mine) {
                words.addAll(List.of(BatchOptions.BATCH_SYSTEM.flag(), given[i].substring(2)));
            } else if (!given[i].startsWith("-") || given[i].equals("--") || given[i].equals(RunCommand.MODULE)) {
                words.addAll(List.of(given).subList(i + 1, given.length));
                break;
            } else if (takesValue(given[i], spec) && i + 1 < given.length) {
                words.add(given[++i]);
            }
        }
        return RunCommand.separateModule(words.toArray(String[]::new), spec);
    }

    private static boolean takesValue(String word, CommandSpec spec) {
        OptionSpec option = spec.findOption(word);
        return option != null && option.arity().max() > 0;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Settings settings = SettingsFlags.load(line, context.loader());
        Submission submission = submission(job(line, settings, context), settings, context);
        if (line.hasMatchedOption(DRY_RUN)) {
            context.out().print(submission.script());
            return ExitCode.OK.number();
        }
        ExtraeRun.beforeSubmission(
                        settings, context.loader().directory(), context.loader().environment())
                .ifPresent(sentence -> context.err().println("colla: " + sentence));
        tell(submit(submission), line.hasMatchedOption(JSON), settings.need(Options.QUIET), context);
        return ExitCode.OK.number();
    }

    /** What a job is called, and what it runs. */
    record Job(String name, List<String> command) {}

    /** The run that the line asks for. */
    static Job job(ParseResult line, Settings settings, Context context) {
        Path workDir = settings.get(BatchOptions.WORK_DIR);
        RunLine run = RunLine.of(line, context.loader().environment(), workDir != null);
        return new Job(run.name(), command(run));
    }

    static Submission submission(Job job, Settings settings, Context context) {
        Map<String, String> environment = context.loader().environment();
        JobControl control = Submission.control(settings, environment);
        String given = settings.get(Options.NAME);
        return new Submission(
                control,
                settings,
                given == null ? job.name() : given,
                job.command(),
                context.loader().directory(),
                environment);
    }

    static JobRecord submit(Submission submission) {
        try {
            return submission.submit();
        } catch (CommandException e) {
            throw new ExitException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private static List<String> command(RunLine run) {
        String home = System.getProperty("colla.home");
        List<String> command = new ArrayList<>();
        command.add(home == null ? "colla" : Path.of(home, "bin", "colla").toString());
        command.add("run");
        command.addAll(run.words());
        return command;
    }

    private static void tell(JobRecord record, boolean json, boolean quiet, Context context) {
        if (json) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("job", record.id());
            map.put("system", record.system());
            map.put("name", record.name());
            map.put("folder", record.folder());
            map.put("script", Path.of(record.folder(), "job.sh"));
            map.put("output", record.isArray() ? record.outputFile("%a") : record.outputFile(""));
            context.out().print(Json.of(map));
            return;
        }
        context.out().println(record.id());
        context.out().flush();
        if (!quiet) {
            hint(record, context);
        }
    }

    static void hint(JobRecord record, Context context) {
        context.err()
                .println("colla: submitted; its output: colla logs -f " + record.id() + "; its folder: "
                        + record.folder());
    }
}
