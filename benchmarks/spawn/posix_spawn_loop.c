/* The yardstick: starts and awaits a program COUNT times, one after another, and prints the seconds it took.
 * Usage: posix_spawn_loop COUNT PROGRAM [ARG...] */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

int main(int argc, char **argv) {
    struct timespec start, end;
    int status;
    pid_t pid;
    if (argc < 3) {
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long left = atol(argv[1]); left > 0; left--) {
        if (posix_spawn(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0 || waitpid(pid, &status, 0) != pid
            || status != 0) {
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6f\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    return 0;
}
