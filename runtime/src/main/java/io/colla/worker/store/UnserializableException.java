package io.colla.worker.store;

import io.colla.api.CollaException;
import org.jspecify.annotations.Nullable;

/** An object cannot be serialized. The message names the field or element that is to blame, as far as it can be found. */
public final class UnserializableException extends CollaException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String why;

    /**
     * @param place where the culprit is, such as {@code field Model.connection (java.net.Socket)}
     * @param why what is wrong and what to do, to follow the place
     */
    UnserializableException(String place, String why, @Nullable Throwable cause) {
        super(place + " " + why, cause);
        this.place = place;
        this.why = why;
    }

    private UnserializableException(String place, String subject, String why, @Nullable Throwable cause) {
        super(place + " of " + subject + " " + why, cause);
        this.place = place;
        this.why = why;
    }

    /** The same with a name for the whole object, such as {@code the result}. */
    public UnserializableException of(String subject) {
        UnserializableException named = new UnserializableException(place, subject, why, getCause());
        named.setStackTrace(getStackTrace());
        return named;
    }

    /** Where the culprit is within the object. */
    public String place() {
        return place;
    }
}
