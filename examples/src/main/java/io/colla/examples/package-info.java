/**
 * Complete applications that show how to write for Colla, and that tests and benchmarks run on real data. {@link io.colla.examples.Main}
 * runs each of them by name; what they share is here.
 */
@NullMarked
package io.colla.examples;

import org.jspecify.annotations.NullMarked;
