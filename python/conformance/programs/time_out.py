"""time_out ends a task that takes too long; its failure policy applies."""
# conformance: modes: run local cluster
import time

from pycompss.api.api import compss_wait_on
from pycompss.api.on_failure import on_failure
from pycompss.api.task import task


@on_failure(management="IGNORE", returns="gave up")
@task(returns=str, time_out=1)
def slow(seconds):
    time.sleep(seconds)
    return "done"


@on_failure(management="IGNORE", returns="gave up")
@task(returns=str, timeOut=1)
def busy(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return "done"


@task(returns=str)
def after(text):
    return text + ", then went on"


started = time.monotonic()
print(compss_wait_on(after(slow(60))), "|", compss_wait_on(slow(0)))
print(compss_wait_on(busy(60)), "|", compss_wait_on(busy(0)))
assert time.monotonic() - started < 30
