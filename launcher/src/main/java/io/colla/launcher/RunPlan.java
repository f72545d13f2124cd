package io.colla.launcher;

import io.colla.launcher.config.Settings;
import java.util.Map;

/**
 * All that was decided before anything starts.
 *
 * @param name the run's name
 * @param settings what the person wants
 * @param program what to run
 * @param folder where the run's records go
 * @param environment of this process
 */
record RunPlan(
        String name, Settings settings, MainProgram program, RunFolder folder, Map<String, String> environment) {}
