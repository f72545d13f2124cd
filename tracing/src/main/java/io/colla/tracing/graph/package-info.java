/** The graph of a run's tasks: what needs what, read from what the master has recorded, and drawn. */
@NullMarked
package io.colla.tracing.graph;

import org.jspecify.annotations.NullMarked;
