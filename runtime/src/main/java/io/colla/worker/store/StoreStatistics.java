package io.colla.worker.store;

/**
 * What a store holds and has done.
 *
 * @param contents number of contents
 * @param memory bytes in memory, with what the store itself needs for each content
 * @param shared bytes of the node's shared memory
 * @param disk bytes in the store's own files
 * @param spills objects written to disk to make room
 * @param loads objects read back
 */
public record StoreStatistics(long contents, long memory, long shared, long disk, long spills, long loads) {}
