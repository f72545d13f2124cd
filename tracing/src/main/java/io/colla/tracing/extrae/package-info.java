/**
 * Extrae where a site has it: its library, which records a process beside Colla's own recorder, and its merger, which makes Paraver traces of what Extrae has recorded. Nothing here is needed
 * for Colla's own traces.
 */
@NullMarked
package io.colla.tracing.extrae;

import org.jspecify.annotations.NullMarked;
