package io.colla.core;

import org.jspecify.annotations.Nullable;

/** The application waits for a datum: until its newest version is there, with the master, and for a file at its own path. */
final class WaitRecord implements Waiter {
    final int id;
    final Version version;
    /** The version's content while it is being brought or published. */
    @Nullable Content moving;

    WaitRecord(int id, Version version) {
        this.id = id;
        this.version = version;
    }
}
