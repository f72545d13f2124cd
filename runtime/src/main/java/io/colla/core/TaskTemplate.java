package io.colla.core;

import io.colla.api.FailurePolicy;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.TaskClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is the same for many calls of a task: its definition with one set of options. Shared by all of them. */
public final class TaskTemplate {
    private final int definition;
    private final String name;
    private final String resultName;
    private final List<Requirement> implementations;
    private final int priority;
    private final FailurePolicy policy;
    private final int retries;
    private final long timeout;

    /** Found by the engine on first use; belongs to it. */
    @Nullable
    TaskClass taskClass;

    /**
     * @param definition number of the definition
     * @param implementations what each implementation needs
     * @param retries further attempts under {@link FailurePolicy#RETRY}
     * @param timeout nanoseconds; 0 for none
     */
    public TaskTemplate(
            int definition,
            String name,
            List<Requirement> implementations,
            int priority,
            FailurePolicy policy,
            int retries,
            long timeout) {
        this.definition = definition;
        this.name = name;
        this.resultName = "the result of " + name;
        this.implementations = List.copyOf(implementations);
        this.priority = priority;
        this.policy = policy;
        this.retries = policy == FailurePolicy.RETRY ? retries : 0;
        this.timeout = timeout;
    }

    public int definition() {
        return definition;
    }

    public String name() {
        return name;
    }

    /** What its result is called in messages. */
    public String resultName() {
        return resultName;
    }

    public List<Requirement> implementations() {
        return implementations;
    }

    public int priority() {
        return priority;
    }

    public FailurePolicy policy() {
        return policy;
    }

    public int retries() {
        return retries;
    }

    public long timeout() {
        return timeout;
    }
}
