/** The checks of {@code colla doctor}: each looks at one thing and says in a sentence what it found and what to do about it. */
@NullMarked
package io.colla.launcher.doctor;

import org.jspecify.annotations.NullMarked;
