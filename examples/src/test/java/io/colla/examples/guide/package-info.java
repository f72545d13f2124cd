/** Compiles the Java of the guide's pages, and runs what they say the output of. */
@NullMarked
package io.colla.examples.guide;

import org.jspecify.annotations.NullMarked;
