package io.colla.core;

/** What a task wrote, in the order of its accesses that write. */
public interface OutputSizes {
    /** Bytes, as well as it is known. */
    long size(int output);

    /** Whether the master has a copy already. */
    boolean atMaster(int output);
}
