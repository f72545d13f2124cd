package io.colla.master;

import io.colla.api.Direction;
import io.colla.core.TaskTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function or program with one set of options, ready to be called many times.
 *
 * @param template for the engine
 * @param directions of the parameters, where the call does not say otherwise
 * @param parameters their names, for messages
 * @param returnsValue whether there is a result for the application
 * @param plainDirections the directions of a call whose arguments are all single data, with the result's OUT at the end; shared by such calls
 */
record PreparedTask(
        TaskTemplate template,
        List<Direction> directions,
        List<String> parameters,
        boolean returnsValue,
        Direction[] plainDirections,
        @Nullable String problem) {}
