"""Any exception of a task reaches the caller, with its own type and contents."""
import json
import subprocess

from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.task import task


class Unhappy(Exception):
    """Of the main script."""

    def __init__(self, reason, code):
        super().__init__(reason, code)
        self.reason = reason
        self.code = code


@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def fail(kind):
    if kind == "value":
        raise ValueError("a value")
    if kind == "key":
        return {}["missing"]
    if kind == "own":
        raise Unhappy("reason", 7)
    if kind == "zero":
        return 1 // 0
    if kind == "json":
        return json.loads("{")
    if kind == "os":
        return open("/no/such/file").read()
    if kind == "subprocess":
        return subprocess.run(["false"], check=True)
    if kind == "chained":
        try:
            {}["inner"]
        except KeyError as inner:
            raise RuntimeError("outer") from inner
    if kind == "assert":
        assert kind == "other", "no other"
    return 0


@task(returns=int)
def increment(x):
    return x + 1


def outcome(future):
    try:
        return compss_wait_on(future)
    except Exception as error:
        return error


for kind in ("value", "key", "own", "zero", "json", "os", "subprocess", "chained", "assert"):
    try:
        error = outcome(fail(kind))
    except Exception as raised:  # sequentially, the call itself raises
        error = raised
    print(f"{kind:<12} {type(error).__name__}: {str(error).splitlines()[0]}")
    if kind == "own":
        assert type(error) is Unhappy and error.code == 7 and error.reason == "reason"
    if kind == "os":
        assert error.errno == 2 and error.filename == "/no/such/file"
    if kind == "chained":
        assert error.__cause__ is not None

# A successor of a failed task does not run; the program goes on.
try:
    later = increment(fail("value"))
    compss_wait_on(later)
    print("not reached")
except Exception:
    print("a successor has no result")
print(compss_wait_on(increment(1)))
