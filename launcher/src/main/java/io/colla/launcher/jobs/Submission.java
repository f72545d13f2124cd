package io.colla.launcher.jobs;

import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.OptionType;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.Variable;
import io.colla.launcher.site.SiteLimits;
import io.colla.launcher.site.SiteProfile;
import io.colla.launcher.site.Sites;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One job on its way to the batch system. */
public final class Submission {
    private final JobControl control;
    private final Settings settings;
    private final String name;
    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment;

    /**
     * @param name the job's
     * @param command what it runs
     * @param directory the working folder
     * @param environment of the shell that submits
     */
    public Submission(
            JobControl control,
            Settings settings,
            String name,
            List<String> command,
            Path directory,
            Map<String, String> environment) {
        this.control = control;
        this.settings = settings;
        this.name = name;
        this.command = List.copyOf(command);
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /**
     * The script that {@link #submit} would write. Nothing is written.
     *
     * @throws io.colla.api.UsageException if the options ask for what cannot be
     */
    public String script() {
        return control.script(request(JobFolder.next(JobRequests.workDir(settings, directory), name)));
    }

    /**
     * Writes the script, submits it and notes the job down.
     *
     * @throws io.colla.api.UsageException if the options ask for what cannot be
     * @throws CommandException if the batch system refuses; the script stays, for a look at it
     */
    public JobRecord submit() throws CommandException {
        script(); // complains before anything is made
        JobFolder folder = JobFolder.make(JobRequests.workDir(settings, directory), name);
        JobRequest request = request(folder);
        folder.writeScript(control.script(request));
        String id = control.submit(folder.script());
        JobRecord record = new JobRecord(
                control.system(),
                id,
                name,
                folder.path().toString(),
                request.body().output(),
                Optional.ofNullable(request.terms().array()).orElse(""),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        JobBook.of(environment).add(record);
        return record;
    }

    private JobRequest request(JobFolder folder) {
        List<String> named = settings.all(Options.ENV).stream()
                .filter(variable -> variable.value() == null)
                .map(Variable::name)
                .toList();
        Map<String, String> carried = CarriedEnvironment.of(environment, named);
        Optional<SiteProfile> site = Sites.profile(settings);
        site.ifPresent(
                profile -> carried.put(Options.SITE.variable(), profile.file().toString()));
        JobRequest request =
                JobRequests.request(name, settings, JobRequests.body(settings, folder, directory, carried, command));
        site.ifPresent(profile -> SiteLimits.check(profile, request));
        return request;
    }

    /** The batch system that the settings name, or that is here. */
    public static JobControl control(Settings settings, Map<String, String> environment) {
        BatchOptions.System system = settings.get(BatchOptions.BATCH_SYSTEM);
        return BatchSystems.find(system == null ? null : OptionType.choiceName(system), environment);
    }

    /** The batch system that the settings name, or all that are here. */
    public static List<JobControl> controls(Settings settings, Map<String, String> environment) {
        List<JobControl> all = BatchSystems.all(environment);
        boolean open = settings.get(BatchOptions.BATCH_SYSTEM) == null && !all.isEmpty();
        return open ? all : List.of(control(settings, environment));
    }
}
