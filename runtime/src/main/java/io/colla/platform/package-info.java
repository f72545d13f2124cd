/** The ports between Colla and what it runs on: batch systems, ways to start a worker on a node, and kinds of tasks. Implementations are found by {@link java.util.ServiceLoader}; those for this machine and for ssh are here. */
@NullMarked
package io.colla.platform;

import org.jspecify.annotations.NullMarked;
