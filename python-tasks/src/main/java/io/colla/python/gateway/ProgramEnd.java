package io.colla.python.gateway;

import io.colla.core.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How a program took its leave.
 *
 * @param how in which way
 * @param failure of its tasks, of which it had not heard; null for none
 */
public record ProgramEnd(Way how, @Nullable Failure failure) {
    /** The ways. */
    public enum Way {
        /** It never came. */
        NEVER_CAME,
        /** All its tasks were over. */
        IN_ORDER,
        /** It said that it had failed. */
        FAILED,
        /** Its connection ended without a word, or with words that nobody understands. */
        LOST
    }
}
