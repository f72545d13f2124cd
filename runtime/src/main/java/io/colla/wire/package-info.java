/** The messages between master and workers as sealed records, and their binary codec. */
@NullMarked
package io.colla.wire;

import org.jspecify.annotations.NullMarked;
