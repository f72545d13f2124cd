package io.colla.mpi.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What launchers print: which they are, and which rank failed. Recorded from them. */
class MessagesOfLaunchersTest {

    private static final OpenMpi OPEN_MPI = new OpenMpi("mpirun", 4);
    private static final Srun SRUN = new Srun("srun");

    @Test
    void tellWhichTheyAre() {
        assertThat(Launchers.recognise("mpirun", "mpirun (Open MPI) 4.1.4\n\nReport bugs to …"))
                .isEqualTo(new OpenMpi("mpirun", 4));
        assertThat(Launchers.recognise("mpirun", "mpirun (Open MPI) 5.0.11\n")).isEqualTo(new OpenMpi("mpirun", 5));
        assertThat(Launchers.recognise("orterun", "orterun (OpenRTE) 4.1.4\n")).isEqualTo(new OpenMpi("orterun", 4));
        assertThat(Launchers.recognise("prterun", "prterun (PRRTE) 3.0.6\n")).isEqualTo(new OpenMpi("prterun", 5));
        assertThat(Launchers.recognise("mpiexec", "HYDRA build details:\n    Version:       4.0.2\n"))
                .isEqualTo(new Hydra("mpiexec"));
        assertThat(Launchers.recognise("mpirun", "Intel(R) MPI Library for Linux* OS, Version 2021.5 Build 20211102\n"))
                .isEqualTo(new Hydra("mpirun"));
        assertThat(Launchers.recognise("mpirun", "aprun 6.1")).isNull();
    }

    @Test
    void openMpiTellsOfAnExitCode() {
        assertThat(
                        OPEN_MPI.failure(
                                """
                        --------------------------------------------------------------------------
                        Primary job  terminated normally, but 1 process returned
                        a non-zero exit code. Per user-direction, the job has been aborted.
                        --------------------------------------------------------------------------
                        --------------------------------------------------------------------------
                        mpirun detected that one or more processes exited with non-zero status, thus causing
                        the job to be terminated. The first process to do so was:

                          Process name: [[21798,1],2]
                          Exit code:    2
                        --------------------------------------------------------------------------
                        """))
                .contains(new RankFailure(2, "exited with code 2"));
    }

    @Test
    void openMpiTellsOfASignal() {
        assertThat(
                        OPEN_MPI.failure(
                                "mpirun noticed that process rank 10 with PID 0 on node vm exited on signal 11 (Segmentation fault).\n"))
                .contains(new RankFailure(10, "was killed by signal 11 (SIGSEGV)"));
    }

    @Test
    void openMpiTellsOfAnAbort() {
        assertThat(
                        OPEN_MPI.failure(
                                """
                        --------------------------------------------------------------------------
                        MPI_ABORT was invoked on rank 3 in communicator MPI_COMM_WORLD
                        with errorcode 7.

                        NOTE: invoking MPI_ABORT causes Open MPI to kill all MPI processes.
                        --------------------------------------------------------------------------
                        """))
                .contains(new RankFailure(3, "called MPI_Abort with code 7"));
        assertThat(
                        OPEN_MPI.failure(
                                """
                        MPI_ABORT was invoked on rank 1 in communicator MPI_COMM_WORLD
                          Proc: [[26862,1],1]
                          Errorcode: 7
                        """))
                .contains(new RankFailure(1, "called MPI_Abort with code 7"));
    }

    @Test
    void openMpiFiveNamesItsProcessesOtherwise() {
        assertThat(
                        OPEN_MPI.failure(
                                """
                        prterun detected that one or more processes exited with non-zero status,
                        thus causing the job to be terminated. The first process to do so was:

                           Process name: [prterun-vm-22@1,1]
                           Exit code:    3
                        """))
                .contains(new RankFailure(1, "exited with code 3"));
    }

    @Test
    void srunTellsOfTheFirstAndOfThoseThatItEnds() {
        assertThat(
                        SRUN.failure(
                                """
                        srun: error: node3: task 4: Exited with exit code 3
                        srun: launch/slurm: _step_signal: Terminating StepId=2.7
                        srun: error: node3: task 5: Terminated
                        """))
                .contains(new RankFailure(4, "exited with code 3"));
        assertThat(
                        SRUN.failure(
                                """
                        srun: error: node2: task 3: Killed
                        srun: launch/slurm: _step_signal: Terminating StepId=2.9
                        srun: error: node2: task 2: Terminated
                        srun: error: node1: task 0: Exited with exit code 1
                        """))
                .contains(new RankFailure(3, "was killed by a signal: Killed"));
    }

    @Test
    void hydraTellsOfAnAbortAndIntelsOfMore() {
        Hydra hydra = new Hydra("mpiexec");
        assertThat(hydra.failure("application called MPI_Abort(MPI_COMM_WORLD, 7) - process 3\n"))
                .contains(new RankFailure(3, "called MPI_Abort with code 7"));
        assertThat(
                        hydra.failure(
                                """
                        ===================================================================================
                        =   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
                        =   RANK 2 PID 4242 RUNNING AT node2
                        =   KILLED BY SIGNAL: 9 (Killed)
                        ===================================================================================
                        """))
                .contains(new RankFailure(2, "was killed by signal 9 (SIGKILL)"));
        assertThat(hydra.failure("=   RANK 1 PID 77 RUNNING AT n1\n=   EXIT STATUS: 4\n"))
                .contains(new RankFailure(1, "exited with code 4"));
    }

    @Test
    void openMpiMayTellOfSeveralRanksAtOnceWithoutNamingAny() {
        String said =
                """
                Primary job  terminated normally, but 2 processes returned
                a non-zero exit code. Per user-direction, the job has been aborted.
                """;
        assertThat(OPEN_MPI.failure(said)).isEmpty();
        assertThat(OPEN_MPI.tellsOfExitCodes(said)).isTrue();
        assertThat(OPEN_MPI.tellsOfExitCodes("There are not enough slots available in the system"))
                .isFalse();
    }

    @Test
    void whatTellsOfNoRankIsNone() {
        assertThat(OPEN_MPI.failure("There are not enough slots available in the system"))
                .isEmpty();
        assertThat(SRUN.failure("srun: error: Unable to create step")).isEmpty();
    }
}
