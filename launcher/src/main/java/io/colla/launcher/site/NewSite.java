package io.colla.launcher.site;

import io.colla.api.UsageException;
import io.colla.platform.BatchSystem;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.SiteFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Writes a profile of the site that this host belongs to. */
public final class NewSite {
    private static final String FORM = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";

    private NewSite() {}

    /**
     * @param given the profile's name; empty for the cluster's own
     * @param folder is made if need be
     * @return the file
     * @throws UsageException if there is no batch system, or a profile of this name
     * @throws CommandException if the batch system does not answer
     */
    public static Path write(String given, Path folder, Map<String, String> environment)
            throws CommandException, IOException {
        for (BatchSystem system : ServiceLoader.load(BatchSystem.class)) {
            Optional<SiteFacts> facts = system.site(environment);
            if (facts.isPresent()) {
                return write(
                        given,
                        folder,
                        system.name(),
                        facts.get(),
                        HostName.ofMachine().name());
            }
        }
        throw new UsageException(
                "no batch system found: there is neither Slurm's sinfo nor PBS's qstat on the PATH; call this on"
                        + " a login node, or load the module that brings them");
    }

    static Path write(String given, Path folder, String system, SiteFacts facts, String host) throws IOException {
        String name = !given.isEmpty() ? given : facts.name().matches(FORM) ? facts.name() : system;
        if (!name.matches(FORM)) {
            throw new UsageException(
                    "'" + name + "' is no name for a profile; use letters, digits, dots, dashes and underscores");
        }
        Path file = folder.resolve(name + SiteFile.ENDING);
        if (Files.exists(file)) {
            throw new UsageException("there is a profile " + file + " already; give another name, or remove it first");
        }
        Files.createDirectories(folder);
        Files.writeString(file, SiteText.of(system, facts, host), StandardOpenOption.CREATE_NEW);
        return file;
    }
}
