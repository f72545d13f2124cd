package io.colla.master;

import io.colla.wire.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine carries for a call without looking at it.
 *
 * @param result the access that takes the function's result; -1 for none
 * @param types per access, the class name of an OUT object; null when there is none at all
 */
record CallPayload(List<Message.Argument> arguments, int result, @Nullable String @Nullable [] types) {}
