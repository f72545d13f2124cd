/** Traces for other programs than Paraver: JSON for Perfetto and Chrome, tables in CSV. Each reads a trace once, as a stream: memory grows with threads and with what is under way, not with records. */
@NullMarked
package io.colla.tracing.export;

import org.jspecify.annotations.NullMarked;
