#!/bin/bash
# Compares the start of an MPI task with the same mpirun by hand: 2 ranks on this machine, and on a test cluster of its own 2 ranks on each of three nodes,
# where mpirun by hand starts its daemons by srun and, once more, by ssh.
# Usage: benchmarks/mpi.sh [ROUNDS]        needs mpicc and mpirun; dist/colla and the benchmarks' classes must be built (mvn package)
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-15}
folder=$(mktemp -d)
export COLLA_TESTCLUSTER=$folder/cluster
cluster=$PWD/scripts/testcluster/cluster
trap '"$cluster" down >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_mpi_yield_when_idle=1 # the cluster's nodes share this machine's cores

mkdir "$folder/programs"
mpicc -O2 -o "$folder/programs/start" benchmarks/mpi/start.c
echo "this machine:"
(cd "$folder" && "$OLDPWD/dist/colla/bin/colla" run --quiet -cp "$OLDPWD/benchmarks/target/classes" io.colla.benchmarks.app.MpiStart "$rounds" 2 0 "$folder/programs/start" -)

"$cluster" up 3 --ssh >/dev/null
home=$("$cluster" stage dist/colla colla)
classes=$("$cluster" stage benchmarks/target/classes classes)
program=$("$cluster" stage "$folder/programs" programs)/start
# one WORD...: in a job of three nodes, with what follows for the mpirun by hand
one() {
    (cd "$COLLA_TESTCLUSTER/work" && "$cluster" on ctl --user colla-test bash -c "cd && $1 exec sbatch --quiet --wait -N3 --exclusive -o result --wrap '$home/bin/colla run --quiet -cp $classes io.colla.benchmarks.app.MpiStart $rounds 6 2 $program node1:2,node2:2,node3:2; exit 0'")
    cat "$COLLA_TESTCLUSTER/home/colla-test/result"
}
echo "three nodes, beside mpirun by hand in the job (srun starts its daemons):"
one ""
echo "three nodes, beside mpirun by hand over ssh:"
one "OMPI_MCA_plm=rsh OMPI_MCA_ras=^slurm OMPI_MCA_plm_rsh_args='-o StrictHostKeyChecking=no'"
