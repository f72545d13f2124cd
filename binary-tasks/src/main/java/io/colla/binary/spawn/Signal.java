package io.colla.binary.spawn;

/** The signals that Colla sends, with their numbers on Linux (x86-64, AArch64 and POWER agree on these). */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
