/**
 * Tasks that run on MPI ranks: {@link io.colla.mpi.MpiExecutor} runs programs. What starts the ranks of programs and functions alike is in
 * {@link io.colla.mpi.launch}.
 */
@NullMarked
package io.colla.mpi;

import org.jspecify.annotations.NullMarked;
