package io.colla.platform;

import java.io.Serializable;
import java.util.List;

/**
 * What is the same for all calls of one task; sent to a worker once.
 *
 * @param name for people
 * @param parameters names of the parameters, for messages; the number of arguments of every call
 * @param implementations at least one, all taking the same parameters
 */
public record TaskDefinition(String name, List<String> parameters, List<Implementation> implementations)
        implements Serializable {
    public TaskDefinition {
        parameters = List.copyOf(parameters);
        implementations = List.copyOf(implementations);
    }

    /**
     * One way to do the task.
     *
     * @param kind which {@link TaskExecutor} runs it
     * @param body what that executor needs to know; its class is the executor's own
     */
    public record Implementation(String kind, Serializable body) implements Serializable {}
}
