package io.colla.launcher.jobs;

import io.colla.api.UsageException;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.Variable;
import io.colla.master.elastic.JobShape;
import io.colla.master.elastic.JobSite;
import io.colla.master.elastic.JoinTicket;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Body;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Steps;
import io.colla.platform.JobRequest.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that a run submits for itself. Each has a folder below the run's, {@code jobs/N}, with its script, what it prints, and the ticket with which it joins: a file for the
 * user alone, which is removed when the job is not to join any more.
 */
public final class RunJobs implements JobSite {
    private static final Logger LOG = LoggerFactory.getLogger(RunJobs.class);
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String OUTPUT = "output.txt";
    private static final int LAST_LINES = 3;
    private static final int LONGEST = 400;

    private final JobControl control;
    private final Settings settings;
    private final Part part;
    private final String name;
    private final Path folder;
    private final Path directory;
    private final Map<String, String> environment;
    private @Nullable JobsGuard guard;

    /**
     * @param part the nodes of each job
     * @param name the run's
     * @param runFolder the run's
     * @param directory in which the run works
     */
    public RunJobs(
            JobControl control,
            Settings settings,
            Part part,
            String name,
            Path runFolder,
            Path directory,
            Map<String, String> environment) {
        this.control = control;
        this.settings = settings;
        this.part = part;
        this.name = name;
        this.folder = runFolder.resolve("jobs");
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /**
     * The nodes that the options ask for.
     *
     * @param coresOfNode what a node of the run's own allocation has; 0 without one
     * @throws UsageException if they do not say it
     */
    public static Part part(Settings settings, int coresOfNode) {
        List<Part> parts = JobRequests.parts(settings);
        if (parts.size() > 1 || !settings.all(BatchOptions.PART).isEmpty()) {
            throw new UsageException(
                    "--max-jobs: the further jobs of a run have nodes that are alike; leave out --part");
        }
        Part part = parts.get(0);
        int cpus = part.cpus() == 0 ? coresOfNode : part.cpus();
        if (cpus == 0) {
            throw new UsageException(
                    "--max-jobs: say how many cores a further job has on each node, with --cpus-per-node");
        }
        return new Part(part.nodes(), cpus, part.memory(), part.gpus(), part.constraint(), part.queue());
    }

    /** What jobs of this part bring. */
    public static JobShape shape(Part part, Settings settings) {
        int gpus = part.gpus().count();
        return new JobShape(
                part.nodes(),
                part.cpus(),
                part.memory(),
                gpus == 0 ? Map.of() : Map.of("gpu", gpus),
                settings.get(BatchOptions.TIME));
    }

    /** Complains before anything runs about what the batch system cannot do. */
    public void check() {
        control.script(request(0));
    }

    @Override
    public String submit(int number, JoinTicket ticket) throws CommandException {
        JobFolder job = new JobFolder(folder(number));
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, FOLDER);
            }
            Files.createDirectory(job.path(), FOLDER);
            Files.createFile(ticket(number), FILE);
            Files.write(ticket(number), ticket.toBytes());
        } catch (IOException e) {
            throw new CommandException(
                    "the files of a further job cannot be written in " + job.path() + ": " + e.getMessage());
        }
        JobRequest request = request(number);
        job.writeScript(control.script(request));
        try {
            String id = control.submit(job.script());
            watch(id);
            JobBook.of(environment)
                    .add(new JobRecord(
                            control.system(),
                            id,
                            request.name(),
                            job.path().toString(),
                            request.body().output(),
                            "",
                            Instant.now().truncatedTo(ChronoUnit.MILLIS)));
            return id;
        } catch (CommandException e) {
            deleteTicket(number);
            throw e;
        }
    }

    private void watch(String id) {
        List<String> cancel = control.cancelCommand();
        try {
            JobsGuard guarding = guard;
            if (guarding == null && !cancel.isEmpty()) {
                guarding = JobsGuard.start(cancel, environment);
                guard = guarding;
            }
            if (guarding != null) {
                guarding.add(id);
            }
        } catch (IOException e) {
            LOG.warn("if this process is killed, its jobs stay: {}", e.getMessage());
        }
    }

    private Path folder(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private Path ticket(int number) {
        return folder(number).resolve("ticket");
    }

    private JobRequest request(int number) {
        List<String> named = settings.all(Options.ENV).stream()
                .filter(variable -> variable.value() == null)
                .map(Variable::name)
                .toList();
        String home = System.getProperty("colla.home");
        String colla = home == null ? "colla" : Path.of(home, "bin", "colla").toString();
        Body body = new Body(
                folder(number),
                directory,
                folder(number).toString().replace("%", "%%") + "/" + OUTPUT,
                CarriedEnvironment.of(environment, named),
                new Steps(
                        JobRequests.before(settings, directory),
                        List.of(colla, "join", ticket(number).toString()),
                        List.of()));
        Terms terms = new Terms(
                settings.get(BatchOptions.TIME),
                settings.need(BatchOptions.EXCLUSIVE),
                false,
                List.of(),
                null,
                null,
                settings.all(BatchOptions.EXTRA));
        return new JobRequest(name + " " + number, List.of(part), JobRequests.place(settings), terms, body);
    }

    @Override
    public Map<String, JobInfo> query(Collection<String> ids) {
        return control.query(ids);
    }

    @Override
    public void cancel(String id) throws CommandException {
        control.cancel(id);
    }

    @Override
    public void forget(int number, String id) {
        deleteTicket(number);
        JobsGuard guarding = guard;
        if (guarding != null) {
            guarding.remove(id);
        }
    }

    private void deleteTicket(int number) {
        try {
            Files.deleteIfExists(ticket(number));
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", ticket(number), e.getMessage());
        }
    }

    @Override
    public String lastWords(int number) {
        try {
            List<String> lines = Files.readString(folder(number).resolve(OUTPUT), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            String last = String.join("; ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
            return last.length() <= LONGEST ? last : "…" + last.substring(last.length() - LONGEST);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        JobsGuard guarding = guard;
        if (guarding != null) {
            guarding.close();
        }
    }
}
