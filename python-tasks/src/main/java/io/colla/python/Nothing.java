package io.colla.python;

/** The value that stands for what is not there yet: an output before it is written, or a file, which is not sent back. */
public enum Nothing {
    NOTHING
}
