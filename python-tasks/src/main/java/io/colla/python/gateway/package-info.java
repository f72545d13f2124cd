/**
 * The gateway of a Python program: a socket on which the program submits tasks to the run of this process, in the frames of {@code docs/python-protocol.md}.
 * {@link io.colla.python.gateway.Gateway} is where to begin.
 */
@NullMarked
package io.colla.python.gateway;

import org.jspecify.annotations.NullMarked;
