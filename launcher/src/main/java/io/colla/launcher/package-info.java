@NullMarked
package io.colla.launcher;

import org.jspecify.annotations.NullMarked;
