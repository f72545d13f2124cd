package io.colla.python.gateway;

/** Types of the frames between a program and its gateway. */
final class FrameType {
    /** From the program. */
    static final int HELLO = 1;

    static final int FUNCTION = 2;
    static final int TEMPLATE = 3;
    static final int SUBMIT = 4;
    static final int PUT = 5;
    static final int CLOSE = 6;
    static final int GET = 7;
    static final int RELEASE = 8;
    static final int BARRIER = 9;
    static final int GROUP = 10;
    static final int CANCEL = 11;
    static final int FILE = 12;
    static final int ASK = 13;
    static final int BYE = 14;
    static final int SUBMIT_PROGRAM = 15;
    static final int NEW = 16;
    static final int QUESTION = 17;
    static final int HEARD = 18;

    /** To the program. */
    static final int VALUE = 1;

    static final int DONE = 2;
    static final int FAILED = 3;
    static final int FAILURE = 4;
    static final int PRINTED = 5;
    static final int ANSWER = 6;

    private FrameType() {}
}
