"""As the application Naps: tasks of all kinds of Python programs that do nothing for some time but hold their cores.

Arguments: the file that each process appends a line to, the folder with the programs nap and nap-mpi, and the number of tasks of each kind."""
import os
import sys
import time

from pycompss.api.api import compss_barrier
from pycompss.api.binary import binary
from pycompss.api.constraint import constraint
from pycompss.api.mpi import mpi
from pycompss.api.ompss import ompss
from pycompss.api.task import task

log, programs, times = sys.argv[1], sys.argv[2], int(sys.argv[3])


def nap(log, kind, cores, seconds):
    began = time.time()
    time.sleep(seconds)
    with open(log, "a") as file:
        file.write(f"{kind} {os.uname().nodename} {cores} {began:.6f} {time.time():.6f}\n")


def named(number, *nap_of):
    """Naps with the task's name as that of the process, which tells the test that the process now belongs to the task."""
    with open("/proc/self/comm", "r+") as name:
        before = name.read().strip()
    try:
        with open("/proc/self/comm", "w") as name:
            name.write(f"task-{number}")
        nap(*nap_of)
    finally:
        with open("/proc/self/comm", "w") as name:
            name.write(before)


@constraint(computing_units="1")
@task()
def one(log, number):
    named(number, log, "python", 1, 1.2)


@constraint(computing_units="2")
@task()
def two(log, number):
    named(number, log, "python", 2, 0.8)


@constraint(computing_units="1")
@binary(binary=programs + "/nap", args="{{log}} program 1 1.2")
@task()
def program(log):
    pass


@constraint(computing_units="2")
@ompss(binary=programs + "/nap", args="{{log}} ompss 2 0.2")
@task()
def with_ompss(log):
    pass


@constraint(computing_units="1")
@mpi(runner="mpirun", binary=programs + "/nap-mpi", processes=3, args="{{log}} mpi3 1 0.3")
@task()
def mpi_program(log):
    pass


@constraint(computing_units="1")
@mpi(runner="mpirun", processes=2)
@task(returns=2)
def mpi_function(log, number):
    from mpi4py import MPI

    MPI.COMM_WORLD.barrier()
    named(number, log, "mpi-python", 1, 0.8)


for number in range(times):
    one(log, number)
    with_ompss(log)
    mpi_program(log)
    program(log)
    two(log, times + number)
    mpi_function(log, 2 * times + number)
compss_barrier()
