package io.colla.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a function needs as a task and how its failure is treated. Optional: any method can be called as a task; without the
 * annotation it takes one core. {@link TaskOptions} given at the call override it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Task {
    /** The name in messages, summaries and traces; {@code Class.method} when empty. */
    String name() default "";

    /** Cores on each of its nodes. */
    int cores() default 1;

    /** Memory on each of its nodes, as {@code 500M} or {@code 4G} (units of 1024); empty for no requirement. */
    String memory() default "";

    /** Other resources on each of its nodes, as {@code "gpu=1"}. */
    String[] resources() default {};

    /** Properties that its nodes must have, as {@code "arch=x86_64"}. */
    String[] properties() default {};

    /** How many nodes the task spans. */
    int nodes() default 1;

    /** Makes it an MPI task: the method runs on so many ranks at once, and its other needs are those of one rank. 0: it is none. */
    int ranks() default 0;

    /** Ranks on each of its nodes; 0 for as they fit. */
    int ranksPerNode() default 0;

    /** Larger runs earlier among the tasks that are ready. */
    int priority() default 0;

    FailurePolicy onFailure() default FailurePolicy.RETRY;

    /** Further attempts under {@link FailurePolicy#RETRY}. */
    int retries() default 2;

    /** Seconds after which the task is ended and counts as failed; 0 for no limit. */
    double timeout() default 0;
}
