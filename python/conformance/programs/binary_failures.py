"""A program that fails is a failed task, whose failure can be caught, ignored, or read as an exit value."""
from pycompss.api.api import compss_wait_on
from pycompss.api.binary import binary
from pycompss.api.on_failure import on_failure
from pycompss.api.task import task


@binary(binary="false", fail_by_exit_value=False)
@task(returns=int)
def tolerated():
    pass


@on_failure(management="IGNORE", returns=99)
@binary(binary="false", fail_by_exit_value=True)
@task(returns=int)
def ignored():
    pass


@binary(binary="false", fail_by_exit_value=True)
@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def fails():
    pass


@binary(binary="no-such-program-anywhere")
@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def missing():
    pass


print("tolerated", compss_wait_on(tolerated()))
print("ignored", compss_wait_on(ignored()))
try:
    print(compss_wait_on(fails()))
except Exception as error:
    print("fails:", "1" in str(error))
try:
    print(compss_wait_on(missing()))
except Exception as error:
    print("missing:", "no-such-program-anywhere" in str(error))
