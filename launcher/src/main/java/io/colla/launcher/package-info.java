/**
 * The {@code colla} command. {@link io.colla.launcher.Main} picks the subcommand; the rest is one class per concern: the run's folder, its progress
 * line and summary, signals, exit codes. What it does not need for the subcommand at hand it does not load: its start is measured.
 */
@NullMarked
package io.colla.launcher;

import org.jspecify.annotations.NullMarked;
