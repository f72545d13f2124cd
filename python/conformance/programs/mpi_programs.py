"""@mpi and @mpmd_mpi with programs: ranks, arguments, {{names}}, streams, files, exit values, the working folder."""
import os
import pathlib

from pycompss.api.api import compss_barrier, compss_wait_on, compss_wait_on_file
from pycompss.api.constraint import constraint
from pycompss.api.mpi import mpi
from pycompss.api.mpmd_mpi import mpmd_mpi
from pycompss.api.parameter import FILE_IN, FILE_IN_STDIN, FILE_OUT, FILE_OUT_STDOUT, Prefix
from pycompss.api.task import task

HERE = pathlib.Path.cwd()
RANK = HERE / "rank.sh"
RANK.write_text('#!/bin/sh\necho "rank ${OMPI_COMM_WORLD_RANK:-$PMIX_RANK} of ${OMPI_COMM_WORLD_SIZE:-$SLURM_NTASKS}: $*"\n')
RANK.chmod(0o755)
EXIT = HERE / "exit.sh"
EXIT.write_text('#!/bin/sh\nexit "$1"\n')
EXIT.chmod(0o755)
os.environ["PROCESSES"] = "2"


@mpi(runner="mpirun", binary=str(RANK), processes=2)
@task(size={Prefix: "--size="}, out=FILE_OUT_STDOUT)
def in_order(first, size, out):
    pass


@mpi(runner="mpirun", binary=str(RANK), processes="$PROCESSES", args="-n {{number}} 'two words' {{source}}")
@task(source=FILE_IN, out=FILE_OUT_STDOUT)
def template(number, source, out):
    pass


@mpi(binary="cp", runner="mpirun", args="{{source}} {{target}}")
@task(source=FILE_IN, target=FILE_OUT)
def copy(source, target):
    pass


@mpi(binary="grep", runner="mpirun")
@task(source=FILE_IN_STDIN, out=FILE_OUT_STDOUT)
def grep(word, source, out):
    pass


@constraint(computing_units="2")
@mpi(binary=str(RANK), runner="mpirun", processes=1, scale_by_cu=True)
@task(out=FILE_OUT_STDOUT)
def scaled(out):
    pass


@mpi(binary=str(EXIT), runner="mpirun", processes=1, fail_by_exit_value=False)
@task(returns=int)
def exit_value(code):
    pass


@mpi(binary="pwd", runner="mpirun", working_dir=str(HERE / "work"))
@task(out=FILE_OUT_STDOUT)
def where(out):
    pass


@mpmd_mpi(
    runner="mpirun",
    programs=[dict(binary=str(RANK), processes=1, args="ocean {{grid}}"), dict(binary=str(RANK), args="ice {{grid}} {{source}}")],
)
@task(source=FILE_IN, out=FILE_OUT_STDOUT)
def coupled(grid, source, out):
    pass


@task(returns=int)
def increment(x):
    return x + 1


def show(path):
    compss_wait_on_file(path)
    for line in sorted(pathlib.Path(path).read_text().splitlines()):
        print(line.replace(str(HERE), "HERE"))


in_order("a b", "big", "order.txt")
show("order.txt")
pathlib.Path("words.txt").write_text("one\ntwo\nthree\n")
template(increment(6), "words.txt", "template.txt")
show("template.txt")
copy("words.txt", "copy.txt")
grep("t", "copy.txt", "grep.txt")
show("grep.txt")
scaled("scaled.txt")
show("scaled.txt")
print(compss_wait_on(exit_value(0)), compss_wait_on(exit_value(3)))
os.makedirs("work")
where("pwd.txt")
show("pwd.txt")
coupled("fine", "words.txt", "coupled.txt")
show("coupled.txt")
compss_barrier()
