/* The shortest MPI program that has found its peers. */
#include <mpi.h>

int main(int count, char **words) {
    MPI_Init(&count, &words);
    MPI_Barrier(MPI_COMM_WORLD);
    return MPI_Finalize();
}
