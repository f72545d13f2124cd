/** Makes one trace of the logs of all processes of a run: their clocks become one, their threads rows of Paraver's, their records one stream in the order of time. */
@NullMarked
package io.colla.tracing.merge;

import org.jspecify.annotations.NullMarked;
