"""How far heat gets into plates of six metals: MPI programs and Python functions on MPI ranks, among ordinary tasks.

    colla run heat.py                       # on this machine
    sbatch -N3 -n12 --wrap "colla run heat.py --ranks 2,3,4,5,6,4"

For each metal a task makes the plate's file, the MPI program heat.c and the function `solve` (mpi4py) compute the temperatures, and tasks draw the result and
compare both with a sequential solution, bit by bit. Heat.java does the same in Java, and gets the same bits.
"""
import argparse
import os
import pathlib
import sys
import zlib

import numpy as np

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.mpi import mpi
from pycompss.api.parameter import FILE_IN, FILE_OUT
from pycompss.api.task import task

HERE = pathlib.Path(__file__).resolve().parent
# thermal diffusivity in mm²/s
METALS = {"silver": 165.6, "gold": 127, "copper": 111, "aluminium": 97, "iron": 23, "steel": 4.2}
ROOM, HEATER = 20.0, 100.0
# Steps from one look at the largest change to the next; below so many degrees nothing happens any more.
LOOK, STEADY = 100, 1e-6


# Ordinary tasks make and read plates: files of two 32-bit integers, rows and columns, and the temperatures as doubles.

@task(plate=FILE_OUT)
def make(rows, columns, plate):
    """A plate at room temperature, with a heater along its upper edge that is hottest in the middle."""
    cells = np.full((rows, columns), ROOM)
    column = np.arange(columns)
    cells[0] = ROOM + (HEATER - ROOM) * (np.minimum(column, columns - 1 - column) / (0.5 * (columns - 1)))
    with open(plate, "wb") as file:
        np.array([rows, columns], dtype="<i4").tofile(file)
        cells.astype("<f8").tofile(file)


@task(plate=FILE_IN, returns=np.ndarray)
def read(plate):
    with open(plate, "rb") as file:
        rows, columns = np.fromfile(file, dtype="<i4", count=2)
        return np.fromfile(file, dtype="<f8").reshape(rows, columns)


def step(old, new, k):
    """One step of all cells but those at the edge."""
    at = old[1:-1, 1:-1]
    new[1:-1, 1:-1] = at + k * ((((old[:-2, 1:-1] + old[2:, 1:-1]) + old[1:-1, :-2]) + old[1:-1, 2:]) - 4 * at)


# The two MPI tasks. The number of ranks is a decorator's argument, so each number has tasks of its own.

def program(heat, ranks):
    """The MPI program `heat` as a task on so many ranks."""

    @mpi(runner="mpirun", binary=heat, processes=ranks, args="{{before}} {{k}} {{steps}} {{after}}")
    @task(before=FILE_IN, after=FILE_OUT)
    def heat_c(before, k, steps, after):
        pass

    return heat_c


def function(ranks):
    """A function that runs on so many ranks; its result is the list of what they return."""

    @mpi(runner="mpirun", processes=ranks)
    @task(returns=ranks)
    def solve(plate, k, steps):
        from mpi4py import MPI

        world = MPI.COMM_WORLD
        rank, size = world.Get_rank(), world.Get_size()
        above = rank - 1 if rank > 0 else MPI.PROC_NULL
        below = rank + 1 if rank < size - 1 else MPI.PROC_NULL
        inner = len(plate) - 2
        # This rank's rows, and one above and one below.
        old = plate[inner * rank // size : inner * (rank + 1) // size + 2].copy()
        new = old.copy()
        for done in range(1, steps + 1):
            step(old, new, k)
            old, new = new, old
            world.Sendrecv(old[1], above, recvbuf=old[-1], source=below)
            world.Sendrecv(old[-2], below, recvbuf=old[0], source=above)
            if done % LOOK == 0 and world.allreduce(np.abs(old - new)[1:-1].max(), op=MPI.MAX) < STEADY:
                break
        return old[1:-1]

    return solve


# What comes after.

@task(returns=np.ndarray)
def join(before, parts):
    parts = parts if isinstance(parts, list) else [parts]  # one rank's result is no list
    return np.concatenate([before[:1], *parts, before[-1:]])


@task(returns=np.ndarray)
def sequential(before, k, steps):
    old, new = before.copy(), before.copy()
    for done in range(1, steps + 1):
        step(old, new, k)
        old, new = new, old
        if done % LOOK == 0 and np.abs(old - new).max() < STEADY:
            break
    return old


@task(returns=int)
def differences(one, other):
    """How many numbers of the two plates are not the same, bit by bit."""
    return int((one.view("<i8") != other.view("<i8")).sum()) if one.shape == other.shape else max(one.size, other.size)


@task(returns=str)
def describe(plate):
    check = zlib.crc32(plate.tobytes())
    return f"mean {sum(plate.flat) / plate.size:.3f} C, {100 * np.count_nonzero(plate > 50) / plate.size:.2f} % above 50 C, check sum {check:08x}"


@task(picture=FILE_OUT)
def draw(plate, picture):
    """In the format PGM: black is 0 degrees, white is 100."""
    with open(picture, "wb") as file:
        file.write(b"P5 %d %d 255\n" % (plate.shape[1], plate.shape[0]))
        file.write((plate * 2.55).astype(np.uint8).tobytes())


@binary(binary="mpicc", args="-O2 -ffp-contract=off -o {{heat}} {{source}}")
@task(source=FILE_IN, heat=FILE_OUT)
def build(source, heat):
    pass


def main(arguments):
    parser = argparse.ArgumentParser(description="Heat conduction in plates of six metals, on MPI ranks.")
    parser.add_argument("--rows", type=int, default=120, help="of a plate, in millimetres (default: %(default)s)")
    parser.add_argument("--columns", type=int, default=160, help="(default: %(default)s)")
    parser.add_argument("--steps", type=int, default=2000, help="of 1.4 ms (default: %(default)s)")
    parser.add_argument("--ranks", default="2", help="for each metal, one number or six: 2,3,4,5,6,4 (default: %(default)s)")
    parser.add_argument("--folder", default="heat-results", help="for results; all nodes must see it (default: %(default)s)")
    options = parser.parse_args(arguments)
    ranks = [int(number) for number in options.ranks.split(",")]
    folder = pathlib.Path(options.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)

    heat = str(folder / "heat")
    build(str(HERE / "heat.c"), heat)
    compss_wait_on_file(heat)
    os.chmod(heat, 0o755)

    results = []
    for number, (metal, diffusivity) in enumerate(METALS.items()):
        size, k = ranks[number % len(ranks)], diffusivity * 0.0014
        before, after, picture = (str(folder / f"{metal}.{kind}") for kind in ("plate", "heated", "pgm"))
        make(options.rows, options.columns, before)
        program(heat, size)(before, k, options.steps, after)
        plate = read(before)
        by_python = join(plate, function(size)(plate, k, options.steps))
        by_c = read(after)
        expected = sequential(plate, k, options.steps)
        draw(by_c, picture)
        results.append((metal, size, describe(by_c), [differences(by_c, expected), differences(by_python, expected)]))

    right = True
    for metal, size, description, different in results:
        print(f"{metal:<9} {compss_wait_on(description)} ({size} ranks)")
        right &= sum(compss_wait_on(different)) == 0
    print("verified: C and Python give the bits of the sequential solution" if right else "WRONG: results differ")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
