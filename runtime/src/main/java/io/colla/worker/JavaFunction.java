package io.colla.worker;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a Java task: a method, and what goes in front of its arguments. Equal functions do the same.
 */
final class JavaFunction implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The class that declares the method, as {@link Class#forName} takes it. */
    final String className;

    /** {@code <init>} for a constructor. */
    final String method;
    /** Of the method itself, as in class files. */
    final String descriptor;

    final boolean isStatic;
    /** Serialized array of what the lambda captured; null for nothing. */
    final byte @Nullable [] captured;
    /** Whether what it returns is the task's result. */
    final boolean returnsValue;

    /** Made by the executor on first use. */
    transient volatile JavaTaskExecutor.@Nullable Resolved resolved;

    JavaFunction(
            String className,
            String method,
            String descriptor,
            boolean isStatic,
            byte @Nullable [] captured,
            boolean returnsValue) {
        this.className = className;
        this.method = method;
        this.descriptor = descriptor;
        this.isStatic = isStatic;
        this.captured = captured;
        this.returnsValue = returnsValue;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JavaFunction function
                && className.equals(function.className)
                && method.equals(function.method)
                && descriptor.equals(function.descriptor)
                && isStatic == function.isStatic
                && returnsValue == function.returnsValue
                && Arrays.equals(captured, function.captured);
    }

    @Override
    public int hashCode() {
        return Objects.hash(className, method, descriptor, Arrays.hashCode(captured));
    }

    @Override
    public String toString() {
        return className + "." + method + descriptor;
    }
}
