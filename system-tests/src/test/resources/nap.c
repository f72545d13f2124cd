/*
 * nap LOG KIND CORES SECONDS: sleeps, then appends the line "KIND host CORES from to" to LOG. With -DRANKS an MPI program, whose ranks wait for each other before
 * they sleep; the line is then that of one rank.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef RANKS
#include <mpi.h>
#include <sys/prctl.h>
#endif

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    double from = now();
    if (argc != 5) {
        fprintf(stderr, "usage: nap LOG KIND CORES SECONDS\n");
        return 2;
    }
#ifdef RANKS
    prctl(PR_SET_NAME, "in-mpi-init");
    MPI_Init(&argc, &argv);
    prctl(PR_SET_NAME, "nap-mpi");
    MPI_Barrier(MPI_COMM_WORLD);
#endif
    double seconds = atof(argv[4]);
    struct timespec left = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    nanosleep(&left, NULL);
    char line[400], host[200];
    gethostname(host, sizeof host);
    snprintf(line, sizeof line, "%s %s %s %.6f %.6f\n", argv[2], host, argv[3], from, now());
    int log = open(argv[1], O_WRONLY | O_APPEND);
    if (log < 0 || write(log, line, strlen(line)) != (ssize_t)strlen(line)) {
        perror(argv[1]);
        return 1;
    }
#ifdef RANKS
    MPI_Finalize();
#endif
    return 0;
}
