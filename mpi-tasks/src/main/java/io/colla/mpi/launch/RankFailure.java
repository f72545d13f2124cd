package io.colla.mpi.launch;

/**
 * The rank that failed first, as far as the launcher says.
 *
 * @param rank its number in the job
 * @param how continues "rank 3 ": {@code exited with code 1}
 */
record RankFailure(int rank, String how) {}
