package io.colla.worker.store;

import java.nio.file.Path;

/**
 * A file that holds a content.
 *
 * @param owned whether the store removes it with the content
 */
record DiskFile(Path path, long length, boolean owned) {}
