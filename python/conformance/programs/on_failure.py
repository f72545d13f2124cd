"""Failure policies: RETRY, IGNORE (with values for what is missing), CANCEL_SUCCESSORS."""
# conformance: modes: run local cluster
import os
import pathlib

from pycompss.api.api import compss_barrier, compss_wait_on, compss_wait_on_file
from pycompss.api.on_failure import on_failure
from pycompss.api.parameter import FILE_OUT, INOUT
from pycompss.api.task import task

HERE = pathlib.Path.cwd()


@task(returns=int)
def third_time_lucky(name):
    """Leaves a mark at each attempt, and succeeds at the third."""
    marks = HERE / name
    with open(marks, "a") as file:
        file.write("x")
    if len(marks.read_text()) < 3:
        raise RuntimeError("not yet")
    return len(marks.read_text())


@task(returns=int, on_failure="IGNORE")
def ignored():
    raise ValueError("ignored")


@on_failure(management="IGNORE", returns=-1)
@task(returns=int)
def with_default(x):
    if x % 2:
        raise ValueError("odd")
    return x


@on_failure(management="IGNORE", returns=-1, values=["replaced"])
@task(values=INOUT, returns=int)
def with_defaults(values):
    values.append("changed")
    raise ValueError("after the change")


@task(values=INOUT)
def append(values, value):
    values.append(value)


@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def fails(x):
    raise ArithmeticError("cancels what depends on it")


@task(returns=int)
def successor(x):
    (HERE / "successor").write_text("ran")
    return x


@task(returns=int)
def independent(x):
    return x * 2


print("retry", compss_wait_on(third_time_lucky("marks")))
print("ignore", compss_wait_on(ignored()))
print("default", compss_wait_on([with_default(x) for x in range(4)]))
values = []
code = with_defaults(values)
append(values, "and on")
print("defaults", compss_wait_on(code), compss_wait_on(values))

lost = successor(fails(1))
kept = independent(21)
print("independent", compss_wait_on(kept))
try:
    print("lost", compss_wait_on(lost))
except Exception as error:
    print("lost", type(error).__name__ in ("CancelledError", "ArithmeticError", "TaskFailedError"))
compss_barrier()
print("successor ran:", (HERE / "successor").exists())
