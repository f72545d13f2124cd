package io.colla.core;

import org.jspecify.annotations.Nullable;

/** The application waits for a datum: until its newest version is there, with the master, and for a file at its own path. */
final class WaitRecord implements Waiter {
    /** How far it is. */
    enum Step {
        /** For the version, or for the user's path to be free. */
        WAITING,
        /** The content is being brought to the master. */
        BRINGING,
        /** The file is being brought to the user's path. */
        PUBLISHING,
        /** The application may use it, and has not said yet that it has. */
        DONE
    }

    final int id;
    final Version version;
    Step step = Step.WAITING;
    /** The application does not want it any more; ends with the step that it is in. */
    boolean abandoned;
    /** How often the content could not be brought from anywhere. */
    int unfetched;
    /** The version's content while it is being brought or published. */
    @Nullable
    Content moving;

    WaitRecord(int id, Version version) {
        this.id = id;
        this.version = version;
    }
}
