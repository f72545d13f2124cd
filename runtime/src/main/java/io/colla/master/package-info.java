/** The shell around the engine: mailbox, outbox, timers, workers' connections and the application's session. */
@NullMarked
package io.colla.master;

import org.jspecify.annotations.NullMarked;
