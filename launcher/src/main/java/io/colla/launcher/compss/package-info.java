/** The command lines of {@code runcompss} and {@code enqueue_compss}, in the words of {@code colla run} and {@code colla submit}. */
@NullMarked
package io.colla.launcher.compss;

import org.jspecify.annotations.NullMarked;
