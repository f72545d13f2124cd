package io.colla.launcher;

import io.colla.launcher.compss.Translation;
import io.colla.launcher.compss.Translation.Asked;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.jobs.JobRecord;
import io.colla.launcher.jobs.Submission;
import io.colla.launcher.site.Sites;
import io.colla.platform.ShellWords;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The job of {@code enqueue_compss}: that of {@code colla submit}, whose id is told as the batch system itself does. */
final class CompssSubmission {
    private static final String NOTEBOOKS = "notebooks";

    private CompssSubmission() {}

    static int submit(Translation translation, Context context) {
        List<String> words = new ArrayList<>(site(translation, context));
        words.addAll(submitWords(translation));
        ParseResult parsed = parse(words);
        Settings settings = SettingsFlags.load(parsed, context.loader());
        if (isOneCoreOfPbs(settings, context)) {
            words.remove(BatchOptions.EXCLUSIVE.flag());
            parsed = parse(words);
            settings = SettingsFlags.load(parsed, context.loader());
            warnOfOneCore(settings, context);
        }
        SubmitCommand.Job job = translation.command().isEmpty()
                ? SubmitCommand.job(parsed, settings, context)
                : new SubmitCommand.Job(NOTEBOOKS, translation.command());
        Submission submission = SubmitCommand.submission(job, settings, context);
        if (translation.asked() == Asked.SHOW) {
            context.out().print(submission.script());
            return ExitCode.OK.number();
        }
        JobRecord record = SubmitCommand.submit(submission);
        context.out().println(said(record));
        context.out().flush();
        if (!settings.need(Options.QUIET)) {
            SubmitCommand.hint(record, context);
        }
        return ExitCode.OK.number();
    }

    private static ParseResult parse(List<String> words) {
        SubmitCommand command = new SubmitCommand();
        CommandLine line = CommandLines.of(Subcommands.SUBMIT.word(), command.spec());
        String[] complete = SettingsFlags.complete(words.toArray(String[]::new), line.getCommandSpec());
        return line.parseArgs(command.words(complete, line.getCommandSpec()));
    }

    /** Only Slurm gives whole nodes to who asks for no number of cores. */
    private static boolean isOneCoreOfPbs(Settings settings, Context context) {
        boolean asked = settings.get(BatchOptions.CPUS_PER_NODE) != null
                || !settings.all(BatchOptions.PART).isEmpty();
        return !asked
                && Submission.control(settings, context.loader().environment())
                        .system()
                        .equals("pbs");
    }

    private static void warnOfOneCore(Settings settings, Context context) {
        if (!settings.need(Options.QUIET)) {
            context.err()
                    .println(
                            "enqueue_compss: without --cpus_per_node, PBS gives one core of each node; a profile of the site"
                                    + " can say how many there are (colla site new)");
        }
    }

    /** Scripts from elsewhere name their site's file, which need not be here. */
    private static List<String> site(Translation translation, Context context) {
        String name = translation.site();
        if (name.isEmpty()
                || name.contains("/")
                || Sites.of(context.loader()).known(name).isPresent()) {
            return name.isEmpty() ? List.of() : List.of("--site=" + name);
        }
        context.err()
                .println("enqueue_compss: --sc_cfg=" + name
                        + " has no effect: there is no profile of this name; 'colla site new " + name
                        + "' writes one from what the batch system says here");
        return List.of();
    }

    /** A notebook's kernel finds Colla by these, as it is not started by it. */
    private static List<String> submitWords(Translation translation) {
        String home = System.getProperty("colla.home");
        if (translation.command().isEmpty() || home == null) {
            return translation.submitWords();
        }
        List<String> words = new ArrayList<>(translation.submitWords());
        words.add("--before=export COLLA_HOME=" + ShellWords.quote(home));
        words.add(
                "--before=export PYTHONPATH=" + ShellWords.quote(home + "/python") + "\"${PYTHONPATH:+:$PYTHONPATH}\"");
        return words;
    }

    /** Scripts take the last word of sbatch's sentence, and all that qsub prints. */
    private static String said(JobRecord record) {
        return record.system().equals("slurm") ? "Submitted batch job " + record.id() : record.id();
    }
}
