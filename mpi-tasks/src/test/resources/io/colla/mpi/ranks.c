/* What a test asks for: sum [WORD]; exit, abort or kill RANK NUMBER; hang. */
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hang(const char *program, int rank) {
    char file[4096];
    snprintf(file, sizeof file, "%s", program);
    snprintf(strrchr(file, '/') + 1, 32, "hangs-%d", rank);
    fclose(fopen(file, "w"));
    for (;;) {
        sleep(1000);
    }
}

int main(int count, char **words) {
    int rank, ranks, sum;
    const char *what = words[1];
    MPI_Init(&count, &words);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (strcmp(what, "sum") == 0) {
        printf("rank %d of %d sum %d%s%s\n", rank, ranks, sum, count > 2 ? " " : "", count > 2 ? words[2] : "");
    } else if (strcmp(what, "hang") == 0) {
        hang(words[0], rank);
    } else if (rank == atoi(words[2])) {
        int number = atoi(words[3]);
        fprintf(stderr, "rank %d says why\n", rank);
        if (strcmp(what, "abort") == 0) {
            MPI_Abort(MPI_COMM_WORLD, number);
        }
        if (strcmp(what, "kill") == 0) {
            raise(number);
        }
        exit(number);
    } else {
        MPI_Barrier(MPI_COMM_WORLD);
    }
    MPI_Finalize();
    return 0;
}
