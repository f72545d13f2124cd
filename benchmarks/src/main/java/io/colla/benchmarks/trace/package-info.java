/** What traces cost: recording, merging, checking. */
@NullMarked
package io.colla.benchmarks.trace;

import org.jspecify.annotations.NullMarked;
