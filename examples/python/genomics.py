"""Which proteins belong to which families: HMMER's programs as tasks, on the sequences of Debian's packages hmmer-examples and mmseqs2-examples.

    colla run genomics.py                  # 600 of 20,045 proteins
    colla run genomics.py --limit 20045 --chunks 16
"""
# %%
import argparse
import gzip
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.constraint import constraint
from pycompss.api.parameter import COLLECTION_FILE_IN, COLLECTION_FILE_OUT, FILE_IN, FILE_OUT
from pycompss.api.task import task

TUTORIAL = pathlib.Path("/usr/share/doc/hmmer/examples/tutorial")
PROTEINS = pathlib.Path("/usr/share/doc/mmseqs2/example-data/DB.fasta.gz")
GLOBINS = TUTORIAL / "globins45.fa"
FAMILIES = ("globins4", "fn3", "Pkinase")


# %% [markdown]
# Programs are tasks, too. `{{name}}` stands for the argument of that name, a file for its path; nothing passes through a shell. `total` is the size of the whole set, so
# that the E-values of a search of one chunk are those of a search of everything.

# %%
@constraint(computing_units="1")
@binary(binary="hmmsearch", args="--noali --cpu 1 -Z {{total}} --domZ {{total}} -o /dev/null --tblout {{hits}} {{profile}} {{chunk}}")
@task(profile=FILE_IN, chunk=FILE_IN, hits=FILE_OUT)
def search(profile, chunk, total, hits):
    pass


@binary(binary="hmmbuild", args="--amino {{profile}} {{alignment}}")
@task(alignment=FILE_IN, profile=FILE_OUT)
def build(alignment, profile):
    pass


# %% [markdown]
# Python tasks cut the sequences into chunks, read the tables of hits and put them together.

# %%
def plain(path):
    """Opens a text file, compressed or not (a task may get it under another name, so look inside)."""
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rt") if compressed else open(path)


@task(sources=COLLECTION_FILE_IN, chunks=COLLECTION_FILE_OUT, returns=int)
def split(sources, limit, chunks):
    """Deals the first `limit` sequences out to the chunks; returns how many there are."""
    outputs = [open(chunk, "w") for chunk in chunks]
    number = 0
    for line in (line for source in sources for line in plain(source)):
        if line.startswith(">"):
            if number == limit:
                break
            number += 1
        outputs[number % len(outputs)].write(line)
    for output in outputs:
        output.close()
    return number


@task(source=FILE_IN, target=FILE_OUT)
def unpack(source, target):
    with plain(source) as lines, open(target, "w") as output:
        shutil.copyfileobj(lines, output)


@task(table=FILE_IN, returns=list)
def read_hits(table, family):
    """(family, protein, E-value as text) of each hit."""
    with open(table) as lines:
        return [(family, row[0], row[4]) for row in (line.split() for line in lines if not line.startswith("#"))]


@task(returns=list)
def merge(tables):
    return sorted((hit for table in tables for hit in table), key=lambda hit: (hit[0], float(hit[2]), hit[1]))


# %% [markdown]
# The whole pipeline: no loop waits for anything before the last line.

# %%
def pipeline(folder, limit, number_of_chunks):
    chunks = [str(folder / f"chunk{index}.fasta") for index in range(number_of_chunks)]
    total = split([str(GLOBINS), str(PROTEINS)], limit, chunks)
    tables = []
    for family in FAMILIES:
        profile = str(folder / f"{family}.hmm")
        if family == "globins4":
            build(str(TUTORIAL / "globins4.sto"), profile)
        else:
            source = next(path for path in (TUTORIAL / f"{family}.hmm", TUTORIAL / f"{family}.hmm.gz") if path.exists())
            unpack(str(source), profile)
        for index, chunk in enumerate(chunks):
            hits = str(folder / f"{family}-{index}.tbl")
            search(profile, chunk, total, hits)
            tables.append(read_hits(hits, family))
    return compss_wait_on(merge(tables))


# %% [markdown]
# The check: one search of everything for each family.

# %%
def sequential(folder, limit, number_of_chunks):
    """The same hits from one hmmsearch for each family, without tasks."""
    found = []
    whole = folder / "all.fasta"
    with whole.open("w") as output:
        for index in range(number_of_chunks):
            output.write((folder / f"chunk{index}.fasta").read_text())
    for family in FAMILIES:
        table = folder / f"{family}-all.tbl"
        subprocess.run(["hmmsearch", "--noali", "--cpu", "1", "-o", "/dev/null", "--tblout", str(table), str(folder / f"{family}.hmm"), str(whole)], check=True)
        rows = (line.split() for line in table.read_text().splitlines() if not line.startswith("#"))
        found += [(family, row[0], row[4]) for row in rows]
    return sorted(found, key=lambda hit: (hit[0], float(hit[2]), hit[1]))


def main(arguments):
    parser = argparse.ArgumentParser(description="Finds members of protein families with HMMER.")
    parser.add_argument("--limit", type=int, default=600, help="only the first so many proteins (default: %(default)s)")
    parser.add_argument("--chunks", type=int, default=4, help="into which they are cut (default: %(default)s)")
    parser.add_argument("--folder", help="for intermediate files; all nodes must see it (default: a temporary one in the working folder)")
    options = parser.parse_args(arguments)
    if shutil.which("hmmsearch") is None or not PROTEINS.exists() or not GLOBINS.exists():
        parser.error("please install Debian's packages hmmer, hmmer-examples and mmseqs2-examples")

    with tempfile.TemporaryDirectory(dir=options.folder or ".", prefix="genomics-") as name:
        folder = pathlib.Path(name).resolve()
        started = time.perf_counter()
        hits = pipeline(folder, options.limit, options.chunks)
        print(f"{len(hits)} hits of {len(FAMILIES)} families in {options.limit} proteins: {time.perf_counter() - started:.2f} s")
        for family in FAMILIES:
            best = [hit for hit in hits if hit[0] == family]
            print(f"{family:<12} {len(best):>5}   best: {best[0][1]} {best[0][2]}" if best else f"{family:<12}     0")
        compss_wait_on_file(*(str(folder / f"{family}.hmm") for family in FAMILIES), *(str(folder / f"chunk{index}.fasta") for index in range(options.chunks)))
        same = hits == sequential(folder, options.limit, options.chunks)
    print("verified: one search of everything finds the same hits" if same else "WRONG: one search of everything finds other hits")
    return 0 if same else 1


# %%
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
