/** Where the time of a traced run went, for people: figures from a trace of ours or of COMPSs, what they say in words, as text, JSON and a page. Times are nanoseconds unless a name says otherwise. */
@NullMarked
package io.colla.tracing.report;

import org.jspecify.annotations.NullMarked;
