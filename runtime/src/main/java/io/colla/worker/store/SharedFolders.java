package io.colla.worker.store;

import java.nio.file.Path;

/**
 * Where the processes of one node put large objects that others of them map. Both are of this store alone (mode 0700) and go with it.
 *
 * @param memory in memory, where the node has such a file system; else as {@code disk}
 * @param disk for what does not fit there
 */
public record SharedFolders(Path memory, Path disk) {}
