/** The engine: tasks, data versions, dependencies, failures. Pure state: no I/O, threads, clocks or logging. */
@NullMarked
package io.colla.core;

import org.jspecify.annotations.NullMarked;
