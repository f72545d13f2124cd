"""What recording costs a Python program: processor time of the executor and of the program for each task that does nothing, in microseconds.

usage: colla run [--trace] --workers local:1 --cores 1 traced.py TASKS ROUNDS

Run it with and without ``--trace``, in turns: the differences are what the trace costs. Processor time, as it depends less than
elapsed time on what else the machine does.
"""

from __future__ import annotations

import os
import sys
import time

import colla
from colla import trace


@colla.task(returns=2)
def used(after):
    """The executor's process, and its processor time so far."""
    return os.getpid(), time.process_time()


@colla.task(returns=1)
def nothing(number):
    return number


@colla.task(returns=1)
def events(count):
    """Nanoseconds of processor time that recording an event takes."""
    begin = time.process_time()
    for number in range(count):
        trace.event(number)
    return (time.process_time() - begin) / count * 1e9


def main() -> None:
    tasks, rounds = int(sys.argv[1]), int(sys.argv[2])
    colla.wait_on([nothing(number) for number in range(tasks // 4)])
    for _ in range(rounds):
        executor, before = colla.wait_on(used(0))
        begin = time.process_time()
        futures = [nothing(number) for number in range(tasks)]
        called = time.process_time()
        colla.wait_on(futures)
        done = time.process_time()
        same, after = colla.wait_on(used(0))
        if same != executor:
            raise AssertionError("there was more than one executor: run it with one core")
        print(f"executor {(after - before) / tasks * 1e6:.2f}, calls {(called - begin) / tasks * 1e6:.2f}, wait {(done - called) / tasks * 1e6:.2f} us a task")
    print(f"an event of the application's own: {colla.wait_on(events(100_000)):.0f} ns")


if __name__ == "__main__":
    main()
