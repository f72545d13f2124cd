package io.colla.mpi.java;

import java.util.Arrays;
import java.util.Optional;

/** Notices when the function ends its JVM, which would otherwise look as if MPI had failed. */
final class ExitWatch {
    private ExitWatch() {}

    /** Where {@code System.exit} was called, as the stack of an exception; empty if it was not, and the JVM ends because it was told to. */
    static Optional<IllegalStateException> exit() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(stack -> ofExit(stack).stream())
                .findFirst();
    }

    private static Optional<IllegalStateException> ofExit(StackTraceElement[] stack) {
        for (int i = 0; i < stack.length; i++) {
            StackTraceElement frame = stack[i];
            if (frame.getMethodName().equals("exit") && frame.getClassName().equals("java.lang.Runtime")) {
                IllegalStateException exit = new IllegalStateException(
                        "the function called System.exit, which ends a rank before the others know; let it return or throw");
                exit.setStackTrace(Arrays.copyOfRange(stack, i, stack.length));
                return Optional.of(exit);
            }
        }
        return Optional.empty();
    }
}
