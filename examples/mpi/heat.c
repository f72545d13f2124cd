/*
 * Heat conduction in a plate, an MPI program in C: explicit time steps (Jacobi iteration, when K is 0.25) on a grid whose edge keeps its
 * temperature. Each rank has some of the rows, and exchanges the outermost of them with its neighbours after each step.
 *
 *     mpicc -O2 -ffp-contract=off -o heat heat.c
 *     mpirun -n 4 heat plate.bin 0.2 2000 after.bin
 *
 * A plate is a file of two 32-bit integers, rows and columns, and the temperatures row by row as doubles. Only rank 0 reads and writes. The
 * order of all operations is fixed, so that every number of ranks gives the same bits, as do Heat.java and heat.py. Exit code 2: bad usage.
 */
#include <math.h>
#include <mpi.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK = 100 }; /* steps from one look at the largest change to the next */
static const double STEADY = 1e-6; /* degrees: with a smaller change, nothing happens any more */

static void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("heat: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    MPI_Abort(MPI_COMM_WORLD, 2);
    exit(2);
}

static double *cells(size_t rows, size_t columns) {
    double *made = calloc(rows * columns, sizeof(double));
    if (!made) fail("no memory for %zu x %zu cells", rows, columns);
    return made;
}

static double *read_plate(const char *name, int32_t shape[2]) {
    FILE *file = fopen(name, "rb");
    if (!file) fail("cannot open %s", name);
    if (fread(shape, sizeof(int32_t), 2, file) != 2 || shape[0] < 3 || shape[1] < 3) fail("%s is no plate of at least 3 x 3", name);
    size_t count = (size_t)shape[0] * shape[1];
    double *plate = cells(shape[0], shape[1]);
    if (fread(plate, sizeof(double), count, file) != count) fail("%s ends too early", name);
    fclose(file);
    return plate;
}

static void write_plate(const char *name, const int32_t shape[2], const double *plate) {
    size_t count = (size_t)shape[0] * shape[1];
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(shape, sizeof(int32_t), 2, file) != 2 || fwrite(plate, sizeof(double), count, file) != count || fclose(file)) {
        fail("cannot write %s", name);
    }
}

/* One step of the rows from `first` to before `end`. Returns the largest change. */
static double step(const double *old, double *new, int first, int end, int columns, double k) {
    double change = 0;
    for (int i = first; i < end; i++) {
        const double *up = old + (size_t)(i - 1) * columns, *at = up + columns, *down = at + columns;
        double *to = new + (size_t)i * columns;
        for (int j = 1; j < columns - 1; j++) {
            to[j] = at[j] + k * ((((up[j] + down[j]) + at[j - 1]) + at[j + 1]) - 4 * at[j]);
            double by = fabs(to[j] - at[j]);
            if (by > change) change = by;
        }
    }
    return change;
}

/* Fills row 0 and row `rows` + 1 from the neighbours' outermost rows. */
static void exchange(double *mine, int rows, int columns, int above, int below) {
    double *last = mine + (size_t)rows * columns;
    MPI_Sendrecv(mine + columns, columns, MPI_DOUBLE, above, 0, last + columns, columns, MPI_DOUBLE, below, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Sendrecv(last, columns, MPI_DOUBLE, below, 1, mine, columns, MPI_DOUBLE, above, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (argc != 5) fail("usage: heat PLATE K STEPS RESULT");
    double k = atof(argv[2]);
    int steps = atoi(argv[3]);
    if (!(k > 0 && k <= 0.25)) fail("K is %s; it must be above 0 and at most 0.25", argv[2]);
    if (steps < 1) fail("STEPS is %s; it must be at least 1", argv[3]);

    int32_t shape[2];
    double *plate = rank == 0 ? read_plate(argv[1], shape) : NULL;
    MPI_Bcast(shape, 2, MPI_INT32_T, 0, MPI_COMM_WORLD);
    int columns = shape[1];
    if (shape[0] < size) fail("%d ranks are too many for %d rows", size, (int)shape[0]);

    /* The rows are dealt out; a rank keeps a copy of the row above its own and of the row below. */
    int *counts = malloc(size * sizeof(int)), *places = malloc(size * sizeof(int));
    if (!counts || !places) fail("no memory for %d ranks", size);
    for (int r = 0; r < size; r++) {
        places[r] = (int)((int64_t)shape[0] * r / size) * columns;
        counts[r] = (int)((int64_t)shape[0] * (r + 1) / size) * columns - places[r];
    }
    int rows = counts[rank] / columns;
    double *old = cells(rows + 2, columns), *new = cells(rows + 2, columns);
    MPI_Scatterv(plate, counts, places, MPI_DOUBLE, old + columns, counts[rank], MPI_DOUBLE, 0, MPI_COMM_WORLD);
    memcpy(new, old, sizeof(double) * (rows + 2) * columns);

    int above = rank == 0 ? MPI_PROC_NULL : rank - 1, below = rank == size - 1 ? MPI_PROC_NULL : rank + 1;
    int first = rank == 0 ? 2 : 1, end = rank == size - 1 ? rows : rows + 1; /* without the plate's edge */
    int done = 0;
    double change = 2 * STEADY;
    while (done < steps && change >= STEADY) {
        exchange(old, rows, columns, above, below);
        change = step(old, new, first, end, columns, k);
        double *swapped = old;
        old = new;
        new = swapped;
        done++;
        if (done % LOOK == 0 || done == steps) {
            MPI_Allreduce(MPI_IN_PLACE, &change, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        } else {
            change = 2 * STEADY; /* nobody knows */
        }
    }
    if (rank == 0) printf("%d ranks, %d steps, change %.3e in the last\n", size, done, change);
    MPI_Gatherv(old + columns, counts[rank], MPI_DOUBLE, plate, counts, places, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    if (rank == 0) write_plate(argv[4], shape, plate);
    MPI_Finalize();
    return 0;
}
