"""@prolog and @epilog: programs before and after a task, with its parameters."""
import os
import pathlib

from pycompss.api.api import compss_barrier, compss_wait_on, compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.epilog import epilog
from pycompss.api.on_failure import on_failure
from pycompss.api.parameter import FILE_OUT_STDOUT
from pycompss.api.prolog import prolog
from pycompss.api.task import task

HERE = pathlib.Path.cwd()


@prolog(binary="mkdir", args="-p {{folder}}")
@epilog(binary="touch", args="{{folder}}/epilog")
@task(returns=list)
def listed(folder):
    pathlib.Path(folder, "task").write_text("")
    return sorted(os.listdir(folder))


@prolog(binary="mkdir", args="{{folder}}")
@binary(binary="ls", args="-d {{folder}}")
@task(out=FILE_OUT_STDOUT)
def listing(folder, out):
    pass


@prolog(binary="false", fail_by_exit_value=False)
@epilog(binary="false", fail_by_exit_value=False)
@task(returns=int)
def tolerant(x):
    return x + 1


@prolog(binary="false", fail_by_exit_value=True)
@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def strict(x):
    return x + 1


@epilog(binary="false")
@task(returns=int)
def epilog_may_fail(x):
    return x + 2


@task(returns=str)
def name(text):
    return str(HERE / text)


print(compss_wait_on(listed(str(HERE / "one"))), sorted(os.listdir("one")))
print(compss_wait_on(listed(name("two"))), sorted(os.listdir("two")))
listing(str(HERE / "three"), "out.txt")
compss_wait_on_file("out.txt")
print(pathlib.Path("out.txt").read_text().strip().replace(str(HERE), "HERE"))
print(compss_wait_on(tolerant(1)), compss_wait_on(epilog_may_fail(1)))
try:
    print(compss_wait_on(strict(1)))
except Exception as error:
    print("the prolog failed:", "false" in str(error))
