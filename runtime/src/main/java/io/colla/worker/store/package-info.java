/** The data versions that one process holds: objects in memory and on disk, files. */
@NullMarked
package io.colla.worker.store;

import org.jspecify.annotations.NullMarked;
