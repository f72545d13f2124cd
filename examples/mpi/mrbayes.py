"""How primates are related: MrBayes on MPI ranks, several runs with different seeds and numbers of chains, and how far the runs agree.

    colla run mrbayes.py                            # on this machine
    sbatch -N3 -n12 --wrap "colla run mrbayes.py --chains 2,4 --verify"

The program (mb-mpi) and the alignment are from Debian's packages mrbayes-mpi and mrbayes. Each run is an MPI task with a rank for each of its chains; tasks
write its commands before, and count how often its trees have which groups after. `--verify` makes each run again with the program for one processor:
the same seeds give the same trees.
"""
import argparse
import pathlib
import re
import shutil
import sys
import time

from pycompss.api.api import compss_wait_on
from pycompss.api.binary import binary
from pycompss.api.mpi import mpi
from pycompss.api.parameter import DIRECTORY_IN, DIRECTORY_INOUT, DIRECTORY_OUT
from pycompss.api.task import task

ALIGNMENT = pathlib.Path("/usr/share/doc/mrbayes/examples/primates.nex")
MB_MPI = "/usr/lib/mrbayes-mpi/mb-mpi"  # what the script of that name starts with mpirun
BURN_IN = 0.25  # part of the trees that is left out at the start
RARE = 0.1  # groups that are less frequent in all runs do not count in the comparison, as in MrBayes


@task(folder=DIRECTORY_OUT)
def prepare(alignment, seed, chains, generations, folder):
    """A folder with the commands of one run."""
    commands = f"""begin mrbayes;
  set autoclose=yes nowarnings=yes seed={seed} swapseed={seed};
  execute {alignment};
  lset nst=6 rates=invgamma;
  mcmcp nruns=1 nchains={chains} ngen={generations} samplefreq=25 printfreq={generations} filename=primates checkpoint=no;
  mcmc;
end;
"""
    pathlib.Path(folder).mkdir(exist_ok=True)
    pathlib.Path(folder, "commands.nex").write_text(commands)


def mrbayes(ranks):
    """MrBayes on so many ranks, in the run's folder, where it leaves its trees."""

    @mpi(runner="mpirun", binary=MB_MPI, processes=ranks, args="commands.nex", working_dir="{{folder}}")
    @task(folder=DIRECTORY_INOUT)
    def mb_mpi(folder):
        pass

    return mb_mpi


@binary(binary="mb", args="commands.nex", working_dir="{{folder}}")
@task(folder=DIRECTORY_INOUT)
def mb(folder):
    """The same with one process."""


def tree_lines(folder):
    """The file of trees without the line that is different each time."""
    return [line for line in pathlib.Path(folder, "primates.t").read_text().splitlines() if not line.startswith("[ID")]


@task(one=DIRECTORY_IN, other=DIRECTORY_IN, returns=bool)
def same_trees(one, other):
    return tree_lines(one) == tree_lines(other)


def groups(newick, names):
    """The groups of two or more of one tree without root: of each branch, the taxa on the side where the first one is not."""
    found, opened = set(), []
    for token in re.findall(r"[()]|(?<=[(,])\d+", newick):
        if token == "(":
            opened.append(set())
        elif token == ")":
            inner = opened.pop()
            if opened:
                opened[-1] |= inner
            side = frozenset(names[number] for number in (inner if 1 not in inner else set(names) - inner))
            if 2 <= len(side) <= len(names) - 2:
                found.add(side)
        else:
            opened[-1].add(int(token))
    return found


@task(folder=DIRECTORY_IN, returns=dict)
def supports(folder):
    """How often each group is in the run's trees, from 0 to 1."""
    lines = tree_lines(folder)
    names = {int(number): name for number, name in re.findall(r"^\s+(\d+) (\w+)[,;]", "\n".join(lines), re.MULTILINE)}
    trees = [line.split("] ", 1)[1] for line in lines if line.strip().startswith("tree ")]
    kept = trees[int(len(trees) * BURN_IN) :]
    counts = {}
    for newick in kept:
        for group in groups(newick, names):
            counts[group] = counts.get(group, 0) + 1
    return {group: count / len(kept) for group, count in counts.items()}


@task(returns=tuple)
def compare(runs):
    """(group, mean support, standard deviation among the runs) of each group that counts, and the average of the deviations."""
    rows = []
    for group in set().union(*runs):
        values = [run.get(group, 0.0) for run in runs]
        if max(values) >= RARE:
            mean = sum(values) / len(values)
            deviation = (sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)) ** 0.5
            rows.append((sorted(group), mean, deviation))
    rows.sort(key=lambda row: (-row[1], row[0]))
    return rows, sum(row[2] for row in rows) / len(rows)


def main(arguments):
    parser = argparse.ArgumentParser(description="Bayesian inference of a tree of primates, on MPI ranks.")
    parser.add_argument("--alignment", default=str(ALIGNMENT), help="in the format Nexus (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="number of runs for each number of chains (default: %(default)s)")
    parser.add_argument("--chains", default="2", help="of a run, each on a rank of its own; several numbers: 2,3,4 (default: %(default)s)")
    parser.add_argument("--generations", type=int, default=10_000, help="of each chain (default: %(default)s)")
    parser.add_argument("--folder", default="mrbayes-results", help="for results; all nodes must see it (default: %(default)s)")
    parser.add_argument("--verify", action="store_true", help="make each run again with one process, and compare the trees")
    options = parser.parse_args(arguments)
    if not pathlib.Path(MB_MPI).exists() or not pathlib.Path(options.alignment).exists() or shutil.which("mb") is None:
        parser.error("please install Debian's packages mrbayes-mpi and mrbayes")

    started = time.perf_counter()
    results = pathlib.Path(options.folder).resolve()
    results.mkdir(parents=True, exist_ok=True)
    found, checks = [], []
    for chains in (int(number) for number in options.chains.split(",")):
        for seed in range(1, options.seeds + 1):
            folder = str(results / f"chains{chains}-seed{seed}")
            prepare(options.alignment, seed, chains, options.generations, folder)
            mrbayes(chains)(folder)
            found.append(supports(folder))
            if options.verify:
                prepare(options.alignment, seed, chains, options.generations, folder + "-again")
                mb(folder + "-again")
                checks.append(same_trees(folder, folder + "-again"))

    rows, average = compss_wait_on(compare(found))
    print("support  deviation  group")
    for group, mean, deviation in rows:
        if mean > 0.5:
            print(f"{mean:>7.3f}  {deviation:>9.3f}  {' '.join(group)}")
    print(f"{len(found)} runs of {options.generations} generations: {time.perf_counter() - started:.1f} s; average deviation of the supports {average:.4f}")
    if not options.verify:
        return 0
    same = all(compss_wait_on(checks))
    print("verified: one process gives the same trees for each seed" if same else "WRONG: one process gives other trees")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
