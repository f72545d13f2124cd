package io.colla.platform;

import io.colla.api.Ranks;
import java.io.Serializable;

/**
 * The body of a task whose function runs on every rank.
 *
 * @param function what would be the body without ranks
 * @param ranks as they are to be; its layouts name parameters of the task's definition
 */
public record Ranked(Serializable function, Ranks ranks) implements Serializable {
    /** The kind of a Java function on ranks. */
    public static final String JAVA = "mpi-java";

    /** The kind of a program on ranks, whose body is a {@code BinaryTask} or {@code MpmdTask} with them. */
    public static final String PROGRAM = "mpi";
}
