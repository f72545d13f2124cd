/** Finds, loads and starts a Java application inside the launcher's JVM. */
@NullMarked
package io.colla.launcher.app;

import org.jspecify.annotations.NullMarked;
