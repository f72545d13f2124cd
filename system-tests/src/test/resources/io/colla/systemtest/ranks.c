/* FOLDER where | FOLDER meet COUNT | FOLDER exit|kill RANK NUMBER | FOLDER hang. Every rank leaves a file in the folder when it has found the others. */
#include <dirent.h>
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int count_files(const char *folder, const char *prefix) {
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int count = 0;
    while ((entry = readdir(dir)) != NULL) {
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    }
    closedir(dir);
    return count;
}

int main(int count, char **words) {
    int rank, ranks, sum;
    char host[256], file[4096];
    MPI_Init(&count, &words);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    gethostname(host, sizeof host);
    snprintf(file, sizeof file, "%s/rank-%s-%d-%d", words[1], getenv("COLLA_TASK_ID"), rank, (int)getpid());
    fclose(fopen(file, "w"));
    if (strcmp(words[2], "where") == 0) {
        printf("rank %d of %d on %s, sum %d\n", rank, ranks, host, sum);
    } else if (strcmp(words[2], "meet") == 0) {
        while (count_files(words[1], "rank-") < atoi(words[3])) {
            usleep(20000);
        }
        printf("rank %d has met all\n", rank);
    } else if (strcmp(words[2], "hang") == 0) {
        for (;;) {
            sleep(1000);
        }
    } else if (rank == atoi(words[3])) {
        fprintf(stderr, "rank %d says why\n", rank);
        if (strcmp(words[2], "kill") == 0) {
            raise(atoi(words[4]));
        }
        exit(atoi(words[4]));
    }
    MPI_Barrier(MPI_COMM_WORLD);
    return MPI_Finalize();
}
