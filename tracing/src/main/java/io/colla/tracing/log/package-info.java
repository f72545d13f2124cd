/**
 * What the processes of a run write down while it goes on: each a file of its own, a <i>trace log</i>, from which a trace is made afterwards. A log is a row of blocks, each of which stands for
 * itself, so that a process that is killed loses what it has not written yet and nothing else. Recording takes no lock and allocates nothing.
 *
 * <p>A block is, in little-endian order: {@code "CTL1"}, its kind (int), the length of what follows (int), and that. Kinds: {@value io.colla.tracing.log.Block#TEXT}, lines of
 * {@code key TAB value} in UTF-8, the first of which says what is described; {@value io.colla.tracing.log.Block#EVENTS}, the number of a thread (int), of records (int), and the records, with room
 * for more perhaps: each a time in nanoseconds (long), a type (int), a detail (int), and a value (long).
 */
@NullMarked
package io.colla.tracing.log;

import org.jspecify.annotations.NullMarked;
