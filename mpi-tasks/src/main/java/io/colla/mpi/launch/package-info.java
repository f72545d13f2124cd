/**
 * Starts the ranks of a task on exactly the cores that it was given, with the site's MPI: {@link io.colla.mpi.launch.MpiStarter} makes a
 * {@link io.colla.mpi.launch.MpiRun} of an {@link io.colla.mpi.launch.MpiJob}. Daemons of the launcher are started on the task's other nodes by errands,
 * with neither ssh nor a step of the batch system, so that one way works everywhere and nothing outlives the task.
 */
@NullMarked
package io.colla.mpi.launch;

import org.jspecify.annotations.NullMarked;
