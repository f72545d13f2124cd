"""Tasks of so many microseconds each, to be run with and without ``--trace``: prints for each round the seconds from the first call to the last value.

usage: colla run [--trace] traced.py TASKS MICROSECONDS ROUNDS

The first round is warm-up, as the caller decides.
"""

from __future__ import annotations

import sys
import time

import colla


@colla.task(returns=1)
def busy(number, nanoseconds):
    """Keeps its core busy for so long."""
    end = time.perf_counter_ns() + nanoseconds
    while time.perf_counter_ns() < end:
        pass
    return number


def main() -> None:
    tasks, nanoseconds, rounds = int(sys.argv[1]), int(sys.argv[2]) * 1000, int(sys.argv[3])
    for _ in range(rounds):
        begin = time.perf_counter()
        found = colla.wait_on([busy(number, nanoseconds) for number in range(tasks)])
        print(f"{time.perf_counter() - begin:.6f}", flush=True)
        if found != list(range(tasks)):
            raise AssertionError("the tasks have returned something else")


if __name__ == "__main__":
    main()
