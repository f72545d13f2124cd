package io.colla.binary.spawn;

/** How a program ended. */
public sealed interface ExitStatus {

    Usage usage();

    /** True if it exited by itself with code 0. */
    default boolean success() {
        return this instanceof Exited exited && exited.code() == 0;
    }

    /** It exited by itself, with a code of 0 to 255. */
    record Exited(int code, Usage usage) implements ExitStatus {
        @Override
        public String toString() {
            return "exit code " + code;
        }
    }

    /** A signal ended it. */
    record Killed(int signal, boolean coreDumped, Usage usage) implements ExitStatus {
        @Override
        public String toString() {
            return "killed by signal " + signal + (coreDumped ? " (core dumped)" : "");
        }
    }

    /** Decodes the status word of wait4(2). */
    static ExitStatus ofWaitStatus(int status, Usage usage) {
        int signal = status & 0x7f;
        return signal == 0 ? new Exited((status >> 8) & 0xff, usage) : new Killed(signal, (status & 0x80) != 0, usage);
    }
}
