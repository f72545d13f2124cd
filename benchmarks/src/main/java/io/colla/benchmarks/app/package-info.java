/** What is measured: an application of Colla, and the same work done by plain Java. Knows nothing of how it is started. */
@NullMarked
package io.colla.benchmarks.app;

import org.jspecify.annotations.NullMarked;
