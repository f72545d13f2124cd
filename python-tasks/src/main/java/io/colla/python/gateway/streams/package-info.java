/** Streams of a Python program: what has been published, until it is polled. The messages are in docs/python-protocol.md. */
@NullMarked
package io.colla.python.gateway.streams;

import org.jspecify.annotations.NullMarked;
