#!/bin/bash
# A Python program on several nodes of a cluster with OpenPBS or PBS Professional. Copy this file beside your program,
# change what is marked, and submit it from there:
#     qsub openpbs.sh
#PBS -N app
#PBS -j oe
#PBS -o app.out
# change: how many nodes, cores and memory on each, and how long
#PBS -l select=2:ncpus=2:mem=1gb
#PBS -l place=scatter
#PBS -l walltime=00:10:00

# PBS starts in the home folder, and hands nothing of your shell on.
cd "$PBS_O_WORKDIR" || exit

# change: what your program needs
# module load java/17 python/3.11
export PATH=${COLLA_HOME:-$HOME/colla}/bin:$PATH

# PBS gives no warning before the end; a minute before it, the run ends itself. Start it once, without pbsdsh or mpirun.
exec colla run --time-limit 00:09:00 app.py
