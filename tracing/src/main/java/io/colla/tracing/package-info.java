/** What Colla writes into its traces. Depends on nothing else of Colla. */
@NullMarked
package io.colla.tracing;

import org.jspecify.annotations.NullMarked;
