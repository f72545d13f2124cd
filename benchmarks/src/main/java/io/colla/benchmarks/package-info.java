/** Measures what the README promises about speed, beside what else there is on the machine, and keeps the results. */
@NullMarked
package io.colla.benchmarks;

import org.jspecify.annotations.NullMarked;
