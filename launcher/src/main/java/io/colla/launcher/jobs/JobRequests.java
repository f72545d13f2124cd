package io.colla.launcher.jobs;

import io.colla.api.UsageException;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Origin;
import io.colla.launcher.config.Settings;
import io.colla.launcher.site.Sites;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Body;
import io.colla.platform.JobRequest.Gpus;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Steps;
import io.colla.platform.JobRequest.Terms;
import io.colla.platform.ShellWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the options for batch jobs to a request. Elastic runs use the pieces for jobs of their own. */
public final class JobRequests {
    private static final List<Option<?>> OF_A_PART = List.of(
            BatchOptions.NODES, BatchOptions.CPUS_PER_NODE, BatchOptions.MEM_PER_NODE, BatchOptions.GPUS_PER_NODE);

    private JobRequests() {}

    /** The nodes that are asked for. */
    public static List<Part> parts(Settings settings) {
        List<Part> given = settings.all(BatchOptions.PART);
        if (given.isEmpty()) {
            Integer cpus = settings.get(BatchOptions.CPUS_PER_NODE);
            Long memory = settings.get(BatchOptions.MEM_PER_NODE);
            Gpus gpus = settings.get(BatchOptions.GPUS_PER_NODE);
            return List.of(new Part(
                    settings.need(BatchOptions.NODES),
                    cpus == null ? 0 : cpus,
                    memory == null ? 0 : memory,
                    gpus == null ? Gpus.NONE : gpus,
                    settings.get(BatchOptions.CONSTRAINT),
                    null));
        }
        for (Option<?> option : OF_A_PART) {
            if (settings.origin(option).source() == Origin.Source.FLAG
                    && settings.origin(BatchOptions.PART).source() == Origin.Source.FLAG) {
                throw new UsageException(option.flag()
                        + " and --part exclude each other; say it in the part: --part nodes=2," + "cpus-per-node=4");
            }
        }
        String constraint = settings.get(BatchOptions.CONSTRAINT);
        return given.stream()
                .map(part -> part.constraint() != null
                        ? part
                        : new Part(part.nodes(), part.cpus(), part.memory(), part.gpus(), constraint, part.queue()))
                .toList();
    }

    /** Where it is to be queued. */
    public static Place place(Settings settings) {
        return new Place(
                settings.get(BatchOptions.QUEUE),
                settings.get(BatchOptions.ACCOUNT),
                settings.get(BatchOptions.QOS),
                settings.get(BatchOptions.RESERVATION),
                settings.get(BatchOptions.LICENSES));
    }

    /** On which terms. */
    public static Terms terms(Settings settings) {
        return new Terms(
                settings.get(BatchOptions.TIME),
                settings.need(BatchOptions.EXCLUSIVE),
                settings.need(BatchOptions.REQUEUE),
                settings.all(BatchOptions.DEPENDS_ON),
                settings.get(BatchOptions.ARRAY),
                settings.get(BatchOptions.MAIL),
                settings.all(BatchOptions.EXTRA));
    }

    /** What it does: the command, in the environment that the options describe. */
    static Body body(
            Settings settings,
            JobFolder folder,
            Path directory,
            Map<String, String> environment,
            List<String> command) {
        Path workDir = workDir(settings, directory);
        List<String> before = before(settings, directory);
        return new Body(
                folder.path(),
                workDir,
                output(settings, folder, workDir),
                environment,
                new Steps(before, command, settings.all(BatchOptions.AFTER)));
    }

    /** Lines of shell that come first. */
    static List<String> before(Settings settings, Path directory) {
        List<String> before = new ArrayList<>();
        Sites.profile(settings).ifPresent(profile -> before.addAll(profile.setup()));
        for (Path script : settings.all(BatchOptions.ENV_SCRIPT)) {
            before.add(sourced(directory.resolve(script).normalize()));
        }
        before.addAll(settings.all(BatchOptions.BEFORE));
        return before;
    }

    /** Absolute. */
    static Path workDir(Settings settings, Path directory) {
        Path given = settings.get(BatchOptions.WORK_DIR);
        Path workDir = given == null
                ? directory
                : directory.resolve(given).toAbsolutePath().normalize();
        if (!Files.isDirectory(workDir)) {
            throw new UsageException("--work-dir " + given + ": there is no such folder; make it first");
        }
        return workDir;
    }

    private static String output(Settings settings, JobFolder folder, Path workDir) {
        boolean array = settings.get(BatchOptions.ARRAY) != null;
        String given = settings.get(BatchOptions.OUTPUT);
        if (given == null) {
            String escaped = folder.path().toString().replace("%", "%%");
            return escaped + (array ? "/output-%a.txt" : "/output.txt");
        }
        if (array && !given.replace("%%", "").contains("%a")) {
            throw new UsageException("--output " + given
                    + ": the parts of an array would write over each other; put %a into the name, for the index");
        }
        if (given.replace("%%", "").matches("(?s).*%[^ja].*|.*%$")) {
            throw new UsageException(
                    "--output " + given + ": only %j, the job's id, %a, the index in an array, and %% can stand in it");
        }
        boolean absolute = Path.of(given).isAbsolute();
        String path = absolute ? given : workDir.toString().replace("%", "%%") + "/" + given;
        Path parent = Path.of(path.replace("%%", "%")).getParent();
        if (parent != null && !parent.toString().contains("%") && !Files.isDirectory(parent)) {
            throw new UsageException("--output " + given + ": there is no folder " + parent + "; make it first");
        }
        return path;
    }

    private static String sourced(Path script) {
        if (!Files.isReadable(script) || Files.isDirectory(script)) {
            throw new UsageException("--env-script " + script + ": no such file, or it cannot be read");
        }
        return ". " + ShellWords.quote(script.toString());
    }

    /** All of it. */
    public static JobRequest request(String name, Settings settings, Body body) {
        return new JobRequest(name, parts(settings), place(settings), terms(settings), body);
    }
}
