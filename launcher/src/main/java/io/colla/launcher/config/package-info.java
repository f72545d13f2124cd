/**
 * The settings of a run: one table of options ({@link io.colla.launcher.config.Options}), from which the command line, the environment and the
 * YAML files are served, and {@link io.colla.launcher.config.Settings}, which says for each what it is and where that came from.
 */
@NullMarked
package io.colla.launcher.config;

import org.jspecify.annotations.NullMarked;
