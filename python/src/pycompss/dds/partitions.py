"""Where the elements of a partition come from, and how partitions are cut.

A source is what a task gets: the elements themselves (a list, a range, a slice of an array, or a future of such), or an object with
``read()``, which a task calls where it runs. Futures inside sources are resolved on the way to the task.
"""

from __future__ import annotations

import copy
import os
import pickle
from typing import Any, Callable, Iterable, Iterator, Sequence

from .steps import Step

_TEXT = "utf-8"


class Source:
    """Elements that a task makes or reads where it runs."""

    def read(self) -> Iterable[Any]:
        """Returns the elements."""
        raise NotImplementedError


class Partition(Source):
    """A source, and the steps that are still to be done on it."""

    def __init__(self, source: Any, steps: tuple[Step, ...] = ()) -> None:
        self.source, self.steps = source, steps

    def then(self, *steps: Step) -> Partition:
        """Returns this partition with further steps."""
        return Partition(self.source, self.steps + steps)

    def read(self) -> Iterable[Any]:
        elements = elements_of(self.source)
        for step in self.steps:
            elements = step(elements)
        return elements


class Merged(Source):
    """The elements of several sources, one after another."""

    def __init__(self, pieces: Sequence[Any]) -> None:
        self.pieces = list(pieces)

    def read(self) -> Iterator[Any]:
        for piece in self.pieces:
            yield from elements_of(piece)


class MergedByKey(Merged):
    """One pair for each key: the pieces' values of the key, merged.

    The first value of a key is copied: a merging function may change and return it, and the piece may be read again.
    """

    def __init__(self, pieces: Sequence[Any], merge: Callable[[Any, Any], Any]) -> None:
        super().__init__(pieces)
        self.merge = merge

    def read(self) -> Iterable[Any]:  # type: ignore[override]
        merge = self.merge
        merged: dict[Any, Any] = {}
        for key, value in super().read():
            merged[key] = merge(merged[key], value) if key in merged else copy.copy(value)
        return merged.items()


class Grouped(Source):
    """``(key, (values on the left, values on the right))`` of all keys of two sides."""

    def __init__(self, left: Sequence[Any], right: Sequence[Any]) -> None:
        self.left, self.right = Merged(left), Merged(right)

    def read(self) -> Iterable[Any]:
        groups: dict[Any, tuple[list, list]] = {}
        for side, pairs in enumerate((self.left, self.right)):
            for key, value in pairs.read():
                if key not in groups:
                    groups[key] = ([], [])
                groups[key][side].append(value)
        return groups.items()


class TextFiles(Source):
    """``(path, text)`` of each file."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = list(paths)

    def read(self) -> Iterator[Any]:
        for path in self.paths:
            with open(path, encoding=_TEXT) as file:
                yield path, file.read()


class PickleFile(Source):
    """The elements pickled in a file: one object or one after another; lists are taken as their elements."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self) -> Iterator[Any]:
        with open(self.path, "rb") as file:
            while file.peek(1):
                loaded = pickle.load(file)
                if isinstance(loaded, list):
                    yield from loaded
                else:
                    yield loaded


class FileChunk(Source):
    """One element: the text of a range of a file's bytes, moved to whole characters."""

    def __init__(self, path: str, start: int, size: int) -> None:
        self.path, self.start, self.size = path, start, size

    def read(self) -> Iterable[str]:
        with open(self.path, "rb") as file:
            start = _character_at(file, self.start)
            end = _character_at(file, self.start + self.size)
            file.seek(start)
            text = file.read(end - start).decode(_TEXT)
        return [text] if text else []


def elements_of(source: Any) -> Iterable[Any]:
    """Returns the elements of a source; a mapping stands for its pairs."""
    if isinstance(source, Source):
        return source.read()
    if isinstance(source, dict):
        return source.items()
    return source


def chunks_of_file(path: str, size: int) -> list[FileChunk]:
    """Cuts a file into ranges of `size` bytes."""
    return [FileChunk(path, start, size) for start in range(0, os.path.getsize(path), size)]


def _character_at(file: Any, position: int) -> int:
    """Returns the first position from `position` on where a character of UTF-8 begins."""
    file.seek(position)
    for byte in file.read(3):
        if byte & 0xC0 != 0x80:
            break
        position += 1
    return position


def lines_in_chunks(path: str, size: int, in_bytes: bool, strip: bool) -> Iterator[list[str]]:
    """Yields the lines of a text file in lists of about `size` bytes (at least) or of `size` lines."""
    lines: list[str] = []
    filled = 0
    with open(path, encoding=_TEXT) as file:
        for line in file:
            filled += len(line.encode(_TEXT)) if in_bytes else 1
            lines.append(line.rstrip("\r\n") if strip else line)
            if filled >= size:
                yield lines
                lines, filled = [], 0
    if lines:
        yield lines


def spread(elements: Any, parts: int) -> list[Any]:
    """Cuts elements into at most `parts` runs whose lengths differ by one at most; always at least one run."""
    if not _can_be_sliced(elements):
        elements = list(elements)
    count = len(elements)
    parts = max(1, min(parts, count))
    size, longer = divmod(count, parts)
    cuts = [part * size + min(part, longer) for part in range(parts + 1)]
    return [elements[start:end] for start, end in zip(cuts, cuts[1:])]


def _can_be_sliced(elements: Any) -> bool:
    return isinstance(elements, (list, tuple, range)) or type(elements).__module__ == "numpy" and elements.ndim > 0


def files_in(folder: str) -> list[str]:
    """Returns the paths of the files in a folder, by name."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise type(error)(error.errno, f"cannot read the folder of the data set ({error.strerror})", folder) from None
    paths = (os.path.join(folder, name) for name in names if not name.startswith("."))
    return [path for path in paths if os.path.isfile(path)]
