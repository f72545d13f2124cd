"""Runs one workload several times and writes for each round a line: the seconds that it took, and those of processor time that this process used meanwhile.

usage: workload.py WAY WORKLOAD TASKS ROUNDS FILE THREADS

The first rounds are warm-up, as the caller decides. A workload checks what it gets.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import functions  # noqa: E402
import numpy as np  # noqa: E402
from ways import WAYS, Way  # noqa: E402

BLOCK, BLOCKS = 512, 4


def check(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"found {found}, not {expected}")


def noop(way: Way, tasks: int):
    def work() -> None:
        check(set(way.values([way.call(functions.nothing) for _ in range(tasks)])), {None})

    return work


def millisecond(way: Way, tasks: int):
    def work() -> None:
        check(set(way.values([way.call(functions.millisecond) for _ in range(tasks)])), {functions.millisecond()})

    return work


def forgotten(way: Way, tasks: int):
    return lambda: way.run_and_forget(functions.nothing, tasks)


def chain(way: Way, tasks: int):
    def work() -> None:
        number = 0
        for _ in range(tasks):
            number = way.call(functions.increment, number)
        check(way.values([number]), [tasks])

    return work


def tree(way: Way, leaves: int):
    def work() -> None:
        layer = [way.call(functions.one, index) for index in range(leaves)]
        while len(layer) > 1:
            layer = [way.call(functions.add, left, right) for left, right in zip(layer[::2], layer[1::2])]
        check(way.values(layer), [leaves])

    return work


def array(way: Way, readers: int):
    """A fresh array of 100 MB each time: nobody has seen it before."""
    data = np.ones(12_500_000)

    def work() -> None:
        handle = way.shared(data)
        check(set(way.values([way.call(functions.total, handle, index) for index in range(readers)])), {float(len(data))})

    return work


def arrays(way: Way, count: int):
    """So many different arrays of 100 kB, each for one task."""
    data = [np.full(12_500, float(index)) for index in range(count)]

    def work() -> None:
        found = way.values([way.call(functions.total, each) for each in data])
        check(found, [12_500.0 * index for index in range(count)])

    return work


def matmul(way: Way, blocks: int):
    n = range(blocks)
    a = [[functions.random_block(BLOCK, i * blocks + j) for j in n] for i in n]
    b = [[functions.random_block(BLOCK, -1 - i * blocks - j + 10**6) for j in n] for i in n]
    expected = np.block(a) @ np.block(b)

    def work() -> None:
        left, right = ([[way.shared(each) for each in row] for row in matrix] for matrix in (a, b))
        c = [[np.zeros((BLOCK, BLOCK)) for _ in n] for _ in n]
        for i in n:
            for j in n:
                for k in n:
                    c[i][j] = way.multiply_add(c[i][j], left[i][k], right[k][j])
        found = way.values([each for row in c for each in row])
        check(bool(np.allclose(found[-1], expected[-BLOCK:, -BLOCK:])), True)

    return work


WORKLOADS = {"noop": noop, "millisecond": millisecond, "forgotten": forgotten, "chain": chain, "tree": tree, "array": array, "arrays": arrays, "matmul": matmul}


def peak_memory(process: int | str) -> int:
    """Bytes of resident memory that a process has had at most."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    raise OSError(f"/proc/{process}/status has no VmHWM")


def main(name: str, workload: str, tasks: int, rounds: int, file: str, threads: int) -> None:
    way = WAYS[name](threads)
    lines = []
    try:
        for _ in range(rounds):
            work = WORKLOADS[workload](way, tasks)
            cpu, started = time.process_time(), time.perf_counter()
            work()
            lines.append(f"{time.perf_counter() - started:.6f} {time.process_time() - cpu:.6f}")
        if workload == "forgotten":
            lines.append(f"memory {peak_memory('self')} {peak_memory(os.getppid())}")
    finally:
        way.close()
    Path(file).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6]))
