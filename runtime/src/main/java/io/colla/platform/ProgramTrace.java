package io.colla.platform;

import java.nio.file.Path;

/**
 * What a task's program may know of the run's trace, for tools of its own that record it.
 *
 * @param folder for what they record of this attempt, in the run's folder; not made yet, so that attempts that record nothing leave none
 * @param inherits whether variables by which the worker itself is recorded are the program's too
 */
public record ProgramTrace(Path folder, boolean inherits) {}
