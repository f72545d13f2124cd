/**
 * Java functions that run on MPI ranks. The worker's side, {@link io.colla.mpi.java.JavaMpiExecutor}, has a JVM started for each rank, and gives the call to rank 0 over a
 * Unix-domain socket; {@link io.colla.mpi.java.RankMain} passes it on to the others by MPI itself, so that nothing but MPI has to connect the nodes. MPI's Java bindings are the site's,
 * found when they are needed.
 */
@NullMarked
package io.colla.mpi.java;

import org.jspecify.annotations.NullMarked;
