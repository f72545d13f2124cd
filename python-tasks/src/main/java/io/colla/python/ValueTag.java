package io.colla.python;

/** What stands in front of each value in a frame. */
final class ValueTag {
    static final int NONE = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int INT = 3;
    static final int FLOAT = 4;
    static final int STRING = 5;
    static final int INLINE = 6;
    static final int MAPPED = 7;
    static final int PATH = 8;
    static final int NOTHING = 9;

    private ValueTag() {}
}
