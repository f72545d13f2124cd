/**
 * What the gateway of Python programs and the executors of Python tasks share: functions, and the frames and values of
 * {@code docs/python-protocol.md}.
 */
@NullMarked
package io.colla.python;

import org.jspecify.annotations.NullMarked;
