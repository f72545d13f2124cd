/**
 * Programs as tasks: {@link io.colla.binary.BinaryExecutor} makes a command line, redirections and an environment of a
 * {@link io.colla.api.BinaryTask} and its arguments, runs the program on the cores that the task was given, and turns
 * its end into a result or into a {@link io.colla.platform.TaskError}.
 */
@NullMarked
package io.colla.binary;

import org.jspecify.annotations.NullMarked;
