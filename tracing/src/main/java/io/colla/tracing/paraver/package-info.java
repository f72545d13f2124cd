/**
 * Paraver's trace format, version "as Extrae 5.1 writes it": the .prv of records, the .pcf of labels, the .row of names. What the format is, and which mistakes Paraver punishes without a
 * word, is collected from Extrae's merger, paraver-kernel's parser and runs of its command-line engine. Nothing here knows what a task is.
 */
@NullMarked
package io.colla.tracing.paraver;

import org.jspecify.annotations.NullMarked;
