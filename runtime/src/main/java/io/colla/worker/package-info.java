/** What runs on a node: it takes assignments, brings their inputs, gives them cores, executes them and reports. */
@NullMarked
package io.colla.worker;

import org.jspecify.annotations.NullMarked;
