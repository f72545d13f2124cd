/** A small application whose run shows which classes a run loads; {@code libexec/make-archive} puts them into the archive of class data. */
@NullMarked
package io.colla.launcher.training;

import org.jspecify.annotations.NullMarked;
