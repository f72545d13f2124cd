/**
 * Views of our traces for Paraver: files .cfg that a person opens in it beside the trace. Their grammar was learnt from paraver-kernel's reader (a line a property, windows numbered from 1, a
 * histogram after the windows it reads); windows, names and words are our own. Event types come from {@link io.colla.tracing.EventTypes}, so that a view cannot look for what no trace has.
 */
@NullMarked
package io.colla.tracing.paraver.views;

import org.jspecify.annotations.NullMarked;
