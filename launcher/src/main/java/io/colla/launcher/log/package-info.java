/** SLF4J's back end of the {@code colla} command: one file, one line a message, nothing to configure and nothing to load that is not used. */
@NullMarked
package io.colla.launcher.log;

import org.jspecify.annotations.NullMarked;
