/**
 * Starts programs and waits for them: the {@link io.colla.binary.spawn.Spawner} port, three implementations of it, and
 * {@link io.colla.binary.spawn.Spawners}, which chooses one.
 *
 * <p>A program is started from an argument vector, never through a shell, in a session of its own, with its CPU mask, its
 * memory limit, its redirections and its working folder in force before it runs. When it ends, whatever it left
 * behind is ended too; when this JVM dies, even by SIGKILL, its programs die with it. Linux only.
 *
 * <p>Which implementation is the default, and why, is in {@code docs/adr/0005-spawning-programs.md}.
 */
@NullMarked
package io.colla.binary.spawn;

import org.jspecify.annotations.NullMarked;
