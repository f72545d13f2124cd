"""Cancelling a group ends what runs and what waits in it, and nothing else."""
# conformance: modes: run local cluster
import pathlib
import time

from pycompss.api.api import TaskGroup, compss_barrier_group, compss_cancel_group, compss_wait_on
from pycompss.api.task import task

HERE = pathlib.Path.cwd()


@task(returns=int)
def slow(number):
    time.sleep(120)
    (HERE / f"finished{number}").write_text("")
    return number


@task(returns=int)
def double(x):
    return 2 * x


started = time.monotonic()
with TaskGroup("slow ones", implicit_barrier=False):
    lost = [slow(number) for number in range(8)]
kept = double(21)
compss_cancel_group("slow ones")
compss_barrier_group("slow ones")
print("kept", compss_wait_on(kept))
print("finished", [path.name for path in HERE.glob("finished*")])
assert time.monotonic() - started < 60

with TaskGroup("slow ones", implicit_barrier=False):
    kept = double(4)
print("the name again", compss_wait_on(kept))
