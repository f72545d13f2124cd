package io.colla.mpi.launch;

import io.colla.binary.spawn.ExitStatus;
import io.colla.platform.TaskError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an MPI job ended.
 *
 * @param code of the launcher: that of the rank that failed first, 0 if none did
 * @param ofProgram whether the code is a program's own, rather than the launcher's for what went wrong otherwise
 * @param error null if all ranks ended with code 0
 * @param errors what each rank wrote to standard error last, if that was kept and they did not all end with code 0
 */
public record MpiEnd(int code, boolean ofProgram, @Nullable TaskError error, Map<Integer, String> errors) {

    static final MpiEnd SUCCESS = new MpiEnd(0, true, null, Map.of());

    public MpiEnd {
        errors = Map.copyOf(errors);
    }

    /** @throws TaskError unless all ranks ended with code 0 */
    public void orThrow() throws TaskError {
        if (error != null) {
            throw error;
        }
    }

    static int code(ExitStatus status) {
        return status instanceof ExitStatus.Exited exited ? exited.code() : 128 + ((ExitStatus.Killed) status).signal();
    }
}
