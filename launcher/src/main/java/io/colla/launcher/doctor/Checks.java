package io.colla.launcher.doctor;

import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which a person would mend what they find. */
public final class Checks {
    private final Settings settings;
    private final SettingsLoader loader;

    private Checks(Settings settings, SettingsLoader loader) {
        this.settings = settings;
        this.loader = loader;
    }

    /**
     * @param settings what a run would use
     * @param loader knows this process' environment and folders
     */
    public static Checks of(Settings settings, SettingsLoader loader) {
        return new Checks(settings, loader);
    }

    /** Does them all: a second or two, more when a batch system does not answer. */
    public List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.addAll(new JavaChecks(loader).all());
        checks.addAll(new PythonChecks(settings, loader).all());
        checks.addAll(new SlurmChecks(loader.environment()).all());
        checks.addAll(new PbsChecks(loader.environment()).all());
        checks.addAll(new MpiChecks(settings, loader.environment()).all());
        checks.addAll(new ExtraeChecks(settings, loader.environment()).all());
        checks.addAll(new FolderChecks(settings, loader).all());
        checks.addAll(new MachineChecks(settings, loader.environment()).all());
        return checks;
    }
}
