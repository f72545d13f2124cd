package io.colla.python;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the Python processes of a run's workers are to be set up, so that they find what the program finds. The same for all functions of a run.
 *
 * @param interpreter path of the program's interpreter
 * @param path the program's {@code sys.path}
 * @param folder the program's working folder
 * @param main path of the program's script; null when it has none (a notebook, {@code -c})
 * @param stream whether what tasks print is shown while they run
 * @param nested whether what tasks call are tasks
 */
public record PythonSetup(
        String interpreter, List<String> path, String folder, @Nullable String main, boolean stream, boolean nested)
        implements Serializable {
    public PythonSetup {
        path = List.copyOf(path);
    }
}
