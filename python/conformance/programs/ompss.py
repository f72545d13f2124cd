"""@ompss: an OmpSs program is started like any other; its threads are set from its cores."""
import pathlib

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.constraint import constraint
from pycompss.api.ompss import ompss
from pycompss.api.parameter import FILE_OUT_STDOUT
from pycompss.api.task import task


@constraint(computing_units="1")
@ompss(binary="echo", working_dir=".")
@task(out=FILE_OUT_STDOUT)
def say(word, out):
    pass


@ompss(binary="false", fail_by_exit_value=False)
@task(returns=int)
def fails():
    pass


SHOW = pathlib.Path.cwd() / "show.sh"
SHOW.write_text('#!/bin/sh\necho "$NX_ARGS, $OMP_NUM_THREADS thread"\n')
SHOW.chmod(0o755)


@constraint(computing_units="1")
@ompss(binary=str(SHOW))
@task(out=FILE_OUT_STDOUT)
def threads(out):
    pass


say("hello", "out.txt")
threads("threads.txt")
compss_wait_on_file("threads.txt")
print(pathlib.Path("threads.txt").read_text().strip())
compss_wait_on_file("out.txt")
print(pathlib.Path("out.txt").read_text().strip(), compss_wait_on(fails()))
