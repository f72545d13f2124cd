"""Counts the words of all text files below some folders: a task for each share of the bytes, then a tree of merges.

    colla run wordcount.py /usr/share/common-licenses /usr/share/doc
"""
# %%
import argparse
import collections
import pathlib
import re
import sys
import time

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_FILE_IN, INOUT
from pycompss.api.task import task

WORD = re.compile(r"[a-z]+")


# %% [markdown]
# A task is given its files as a collection: where nodes share no file system, they are brought to the node where the task runs.

# %%
@task(paths=COLLECTION_FILE_IN, returns=1)
def count(paths: list) -> collections.Counter:
    words: collections.Counter = collections.Counter()
    for path in paths:
        words.update(WORD.findall(pathlib.Path(path).read_text(errors="replace").lower()))
    return words


@task(total=INOUT, priority=True)
def add(total: collections.Counter, other: collections.Counter) -> None:
    total.update(other)


# %%
def text_files(folders: list) -> list:
    """Readable files that look like text, once each, in a fixed order."""
    found = {path.resolve() for folder in folders for path in pathlib.Path(folder).rglob("*") if path.is_file() and path.suffix in ("", ".txt", ".md", ".html")}
    return sorted(path for path in found if path.stat().st_size and b"\0" not in path.open("rb").read(1024))


def shares(files: list, most: int) -> list:
    """Groups of files of about `most` bytes."""
    groups, size = [[]], 0
    for path in files:
        if size > most:
            groups.append([])
            size = 0
        groups[-1].append(str(path))
        size += path.stat().st_size
    return groups


def merged(counts: list):
    """One count of all, in a tree: each round halves their number."""
    while len(counts) > 1:
        for left, right in zip(counts[::2], counts[1::2]):
            add(left, right)
        counts = counts[::2]
    return counts[0]


# %%
def main(arguments: list) -> int:
    parser = argparse.ArgumentParser(description="Counts words.")
    parser.add_argument("folders", nargs="*", default=["/usr/share/common-licenses"], help="(default: %(default)s)")
    parser.add_argument("--bytes", type=int, default=50_000, help="of one task (default: %(default)s)")
    parser.add_argument("--top", type=int, default=10, help="how many words to show (default: %(default)s)")
    options = parser.parse_args(arguments)
    files = text_files(options.folders)
    if not files:
        parser.error(f"there are no text files below {' '.join(options.folders)}")

    started = time.perf_counter()
    counts = [count(group) for group in shares(files, options.bytes)]
    total = compss_wait_on(merged(counts))
    print(f"{len(total)} different words, {sum(total.values())} in all, in {len(files)} files and {len(counts)} tasks: {time.perf_counter() - started:.2f} s")
    for word, number in sorted(total.items(), key=lambda item: (-item[1], item[0]))[: options.top]:
        print(f"{number:>10}  {word}")

    expected = collections.Counter(word for path in files for word in WORD.findall(path.read_text(errors="replace").lower()))
    same = dict(total) == dict(expected)
    print("verified: equal to counting one file after the other" if same else "WRONG: not equal to counting one file after the other")
    return 0 if same else 1


# %%
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
