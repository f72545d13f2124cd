import java.util.Arrays;
import mpi.MPI;
import mpi.MPIException;

/** The solver as a Java method that runs on every rank; the same operations in the same order as heat.c. */
final class HeatSolver {
    /** Steps from one look at the largest change to the next. */
    static final int LOOK = 100;
    /** Degrees: with a smaller change, nothing happens any more. */
    static final double STEADY = 1e-6;

    private static final int NOBODY = -1;

    private HeatSolver() {}

    /**
     * Explicit time steps of heat conduction (Jacobi iteration, when k is 0.25).
     *
     * @param plate this rank's rows, and the one above and the one below them: of neighbours, or the plate's edge
     * @param k diffusivity × time step / (cell width)², at most 0.25
     * @return this rank's rows at the end, without the two others
     */
    static double[][] solve(double[][] plate, double k, int steps) throws MPIException {
        int rank = MPI.COMM_WORLD.getRank();
        int ranks = MPI.COMM_WORLD.getSize();
        int above = rank == 0 ? NOBODY : rank - 1;
        int below = rank == ranks - 1 ? NOBODY : rank + 1;
        int last = plate.length - 1;
        double[][] old = plate;
        double[][] next = Arrays.stream(plate).map(double[]::clone).toArray(double[][]::new);
        double[] change = {2 * STEADY};
        for (int done = 1; done <= steps && change[0] >= STEADY; done++) {
            change[0] = step(old, next, k);
            double[][] swapped = old;
            old = next;
            next = swapped;
            shift(old[1], above, old[last], below);
            shift(old[last - 1], below, old[0], above);
            if (done % LOOK == 0) {
                MPI.COMM_WORLD.allReduce(change, 1, MPI.DOUBLE, MPI.MAX);
            } else {
                change[0] = 2 * STEADY; // nobody knows
            }
        }
        return Arrays.copyOfRange(old, 1, last);
    }

    /** Sends a row to one neighbour and receives one from the other. (The bindings overwrite what is received from MPI.PROC_NULL.) */
    private static void shift(double[] row, int to, double[] received, int from) throws MPIException {
        int columns = row.length;
        if (to != NOBODY && from != NOBODY) {
            MPI.COMM_WORLD.sendRecv(row, columns, MPI.DOUBLE, to, 0, received, columns, MPI.DOUBLE, from, 0);
        } else if (to != NOBODY) {
            MPI.COMM_WORLD.send(row, columns, MPI.DOUBLE, to, 0);
        } else if (from != NOBODY) {
            MPI.COMM_WORLD.recv(received, columns, MPI.DOUBLE, from, 0);
        }
    }

    /** One step of all rows but the first and the last. Returns the largest change. */
    static double step(double[][] old, double[][] next, double k) {
        double change = 0;
        for (int i = 1; i < old.length - 1; i++) {
            double[] up = old[i - 1];
            double[] at = old[i];
            double[] down = old[i + 1];
            double[] to = next[i];
            for (int j = 1; j < at.length - 1; j++) {
                to[j] = at[j] + k * ((((up[j] + down[j]) + at[j - 1]) + at[j + 1]) - 4 * at[j]);
                change = Math.max(change, Math.abs(to[j] - at[j]));
            }
        }
        return change;
    }
}
