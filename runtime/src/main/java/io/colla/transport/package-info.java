/** Connections between the processes of one run: mutual authentication, bounded frames, transfer of large data. */
@NullMarked
package io.colla.transport;

import org.jspecify.annotations.NullMarked;
