/** How the interface finds the runtime behind it. Not for applications. */
@NullMarked
package io.colla.api.spi;

import org.jspecify.annotations.NullMarked;
