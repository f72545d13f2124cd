package io.colla.mpi.java;

import io.colla.api.CollaException;
import io.colla.mpi.launch.MpiEnd;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.worker.FunctionCall;
import io.colla.worker.store.ValueCodec;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the task's failure of how its ranks ended. */
final class RankFailures {
    private final TaskContext context;
    private final ValueCodec codec;

    RankFailures(TaskContext context, ValueCodec codec) {
        this.context = context;
        this.codec = codec;
    }

    /** @param end of ranks that did not all return from the function */
    TaskError of(MpiEnd end) {
        TaskError error = end.error();
        if (context.ended() && error != null) {
            return error;
        }
        FailureNote note = FailureNote.first(end.errors()).orElse(null);
        if (note != null) {
            return thrown(note, end.errors());
        }
        return error != null
                ? error
                : new TaskError(
                        "the ranks of " + context.definition().name()
                                + " ended without having returned from the function",
                        "",
                        true,
                        null);
    }

    private TaskError thrown(FailureNote note, Map<Integer, String> errors) {
        FunctionCall.Thrown thrown = note.thrown();
        String where = "rank " + note.rank() + " of "
                + context.ranks().stream().mapToInt(Integer::intValue).sum() + " on node " + nodeOf(note.rank());
        String printed = errors.entrySet().stream()
                .filter(each -> !FailureNote.without(each.getValue()).isEmpty())
                .map(each -> "--- what rank " + each.getKey() + " wrote last to standard error ---\n"
                        + FailureNote.without(each.getValue()) + "\n")
                .collect(Collectors.joining());
        return new TaskError(
                where + ": " + thrown.message(), thrown.stack() + printed, thrown.retriable(), exception(thrown));
    }

    private @Nullable Throwable exception(FunctionCall.Thrown thrown) {
        byte[] bytes = thrown.exception();
        try {
            return bytes != null && codec.fromBytes(bytes) instanceof Throwable exception ? exception : null;
        } catch (CollaException | LinkageError e) {
            return null; // a class that only the ranks have
        }
    }

    private String nodeOf(int rank) {
        int node = 0;
        int first = context.ranks().get(0);
        while (rank >= first && node + 1 < context.nodes().size()) {
            node++;
            first += context.ranks().get(node);
        }
        return context.nodes().get(node);
    }
}
