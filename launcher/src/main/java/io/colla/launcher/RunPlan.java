package io.colla.launcher;

import io.colla.launcher.app.Application;
import io.colla.launcher.config.Settings;
import io.colla.worker.ApplicationClassLoader;
import java.util.Map;

/**
 * All that was decided before anything starts.
 *
 * @param name the run's name
 * @param settings what the person wants
 * @param application what to run
 * @param loader of the application's classes in this JVM
 * @param folder where the run's records go
 * @param environment of this process
 */
record RunPlan(
        String name,
        Settings settings,
        Application application,
        ApplicationClassLoader loader,
        RunFolder folder,
        Map<String, String> environment) {}
