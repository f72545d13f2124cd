package io.colla.benchmarks;

import java.io.Serial;

/** Something cannot be measured on this machine, or not yet; the message says why in one sentence. */
final class UnavailableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
