/** Python programs on the command line: which interpreter, which script or module. */
@NullMarked
package io.colla.launcher.python;

import org.jspecify.annotations.NullMarked;
