/** How much of a node is in use, sampled for the trace: from what Linux says in /proc and in the control group of the job. */
@NullMarked
package io.colla.tracing.counters;

import org.jspecify.annotations.NullMarked;
