package io.colla.launcher.doctor;

import io.colla.launcher.config.Options;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Folders that a run writes. */
final class FolderChecks {
    private static final long LITTLE = 1L << 30;
    /** As {@code /proc/mounts} names file systems that many machines see. */
    private static final Set<String> NETWORKED = Set.of(
            "nfs",
            "nfs4",
            "lustre",
            "gpfs",
            "beegfs",
            "ceph",
            "fuse.ceph-fuse",
            "cifs",
            "smb3",
            "afs",
            "glusterfs",
            "fuse.glusterfs",
            "panfs",
            "orangefs",
            "pvfs2",
            "wekafs",
            "9p",
            "virtiofs",
            "fuse.sshfs");

    private final Settings settings;
    private final SettingsLoader loader;

    FolderChecks(Settings settings, SettingsLoader loader) {
        this.settings = settings;
        this.loader = loader;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(working());
        checks.add(scratch());
        for (Path shared : settings.all(Options.SHARED)) {
            checks.add(
                    Files.isDirectory(loader.directory().resolve(shared))
                            ? Check.ok("shared folder " + shared + " is there")
                            : Check.fail(
                                    "shared folder " + shared + " is not there",
                                    "Correct --shared, or make the folder."));
        }
        return checks;
    }

    private Check working() {
        Path folder = loader.directory();
        String problem = writeProblem(folder);
        if (!problem.isEmpty()) {
            return Check.fail(
                    "the working folder " + folder + " cannot be written: " + problem,
                    "Change to a folder of yours, or name the run's folder with --run-dir.");
        }
        String finding = "working folder " + folder + " can be written" + space(folder);
        String type = type(folder);
        if (NETWORKED.contains(type)) {
            return Check.ok(finding + "; " + type + ", which nodes share");
        }
        boolean inJob = loader.environment().containsKey("SLURM_JOB_ID")
                || loader.environment().containsKey("PBS_JOBID");
        return inJob
                ? Check.warn(
                        finding + "; " + type + ", probably this node's own",
                        "On several nodes, start from a shared folder, or name one that all nodes see with --shared.")
                : Check.ok(finding + "; " + type);
    }

    private Check scratch() {
        Path given = settings.get(Options.SCRATCH);
        Path folder = given != null
                ? given
                : Path.of(
                        loader.environment().getOrDefault("TMPDIR", "").isEmpty()
                                ? "/tmp"
                                : loader.environment().getOrDefault("TMPDIR", ""));
        String problem = writeProblem(folder);
        if (!problem.isEmpty()) {
            return Check.fail(
                    "the scratch folder " + folder + " cannot be written: " + problem,
                    "Name a folder on this machine's own disk with --scratch.");
        }
        String finding = "scratch folder " + folder + " can be written" + space(folder) + "; " + type(folder);
        if (NETWORKED.contains(type(folder))) {
            return Check.warn(finding, "Name a folder on the node's own disk with --scratch; a shared one is slower.");
        }
        return free(folder) >= 0 && free(folder) < LITTLE
                ? Check.warn(finding, "Make room there, or name another folder with --scratch.")
                : Check.ok(finding);
    }

    private static String writeProblem(Path folder) {
        try {
            Path probe = Files.createTempFile(folder, ".colla-doctor-", "");
            try {
                Files.write(probe, new byte[1 << 16]);
            } finally {
                Files.delete(probe);
            }
            return "";
        } catch (IOException e) {
            return e.getClass().getSimpleName().replace("Exception", "") + ", " + e.getMessage();
        }
    }

    private static String space(Path folder) {
        long free = free(folder);
        return free < 0 ? "" : ", " + Quantities.roughly(free) + " free";
    }

    private static long free(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }

    private static String type(Path folder) {
        try {
            return Files.getFileStore(folder).type();
        } catch (IOException e) {
            return "file system of unknown type";
        }
    }
}
