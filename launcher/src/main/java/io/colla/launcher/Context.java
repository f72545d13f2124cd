package io.colla.launcher;

import io.colla.launcher.config.SettingsLoader;
import java.io.PrintStream;

/**
 * What a subcommand works with.
 *
 * @param out for results
 * @param err for people
 * @param terminal the person's terminal
 * @param loader finds the settings; knows environment, folders and Colla's own place
 */
record Context(PrintStream out, PrintStream err, Terminal terminal, SettingsLoader loader) {}
