"""The graph of the tasks that a program has called, as far as the program knows it, and its picture."""

from __future__ import annotations

import html
import threading
from typing import Callable, NamedTuple, Sequence

__all__ = ["Graph", "GraphRecorder", "Node"]

_WRITES = frozenset((1, 2, 4))
"""Directions of accesses that make a new version: OUT, INOUT, COMMUTATIVE."""

_MOST_DRAWN = 600
_MOST_KEPT = 200_000

_COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#86bcb6")
_STEP_X, _STEP_Y, _RADIUS = 44, 54, 14


class Node(NamedTuple):
    """A task: its name, the positions of the tasks that it needs, and a datum that it makes (or None)."""

    name: str
    needs: tuple[int, ...]
    makes: int | None


class GraphRecorder:
    """Is told of each call of a task, and knows what depends on what. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[int, str] = {}
        self._writers: dict[int, int] = {}
        self._nodes: list[Node] = []
        self._left_out = 0

    def template(self, number: int, name: str) -> None:
        """A kind of task is called so."""
        self._names[number] = name

    def call(self, template: int, accesses: Sequence[tuple[int, int]], results: Sequence[int]) -> None:
        """A task has been called: accesses are a datum and a direction each, results are the data that it makes."""
        with self._lock:
            if len(self._nodes) >= _MOST_KEPT:
                self._left_out += 1
                return
            writers = self._writers
            needs = {writers[datum] for datum, direction in accesses if datum in writers and direction != 1}
            written = [datum for datum, direction in accesses if direction in _WRITES]
            written.extend(results)
            position = len(self._nodes)
            for datum in written:
                writers[datum] = position
            makes = results[0] if results else (written[0] if written else None)
            self._nodes.append(Node(self._names.get(template, "task"), tuple(sorted(needs)), makes))

    def graph(self) -> Graph:
        """All tasks until now."""
        with self._lock:
            return Graph(list(enumerate(self._nodes)), self._left_out)

    def unfinished(self, done: Callable[[list[int]], Sequence[int]]) -> Graph:
        """The tasks that have not finished; ``done`` says of data which of them are there."""
        with self._lock:
            nodes = list(enumerate(self._nodes))
            left_out = self._left_out
        made = {node.makes for _, node in nodes if node.makes is not None}
        finished = set(done(sorted(made)))
        return Graph([(i, node) for i, node in nodes if node.makes is not None and node.makes not in finished], left_out)


class Graph:
    """Tasks and what they need. In a notebook it shows as a picture; ``str`` is the graph in the language of Graphviz (DOT)."""

    def __init__(self, nodes: list[tuple[int, Node]], left_out: int = 0) -> None:
        """:param nodes: each with its number. :param left_out: how many further tasks are not in it."""
        self.nodes = nodes
        self.left_out = left_out

    def __len__(self) -> int:
        return len(self.nodes)

    def edges(self) -> list[tuple[int, int]]:
        """Pairs of the number of a task and that of one that needs it."""
        there = {number for number, _ in self.nodes}
        return [(need, number) for number, node in self.nodes for need in node.needs if need in there]

    def __str__(self) -> str:
        colours = self._colours()
        lines = ["digraph tasks {", '  node [shape=circle, style=filled, fontcolor=white, label="\\N"];']
        for number, node in self.nodes:
            name = node.name.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'  {number + 1} [fillcolor="{colours[node.name]}", tooltip="{name}"];')
        lines += [f"  {need + 1} -> {number + 1};" for need, number in self.edges()]
        lines.append("}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        more = f" (and {self.left_out} that are not recorded)" if self.left_out else ""
        return f"<graph of {len(self.nodes)} tasks, {len(self.edges())} dependencies{more}>"

    def _colours(self) -> dict[str, str]:
        names = dict.fromkeys(node.name for _, node in self.nodes)
        return {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}

    def _repr_html_(self) -> str:
        return self.svg() if len(self.nodes) <= _MOST_DRAWN else f"<pre>{html.escape(repr(self))}</pre>"

    def svg(self) -> str:
        """The picture: each task below those that it needs."""
        places = self._places()
        colours = self._colours()
        width = max([x for x, _ in places.values()] + [8 * _STEP_X]) + _STEP_X
        depth = max([y for _, y in places.values()] + [0]) + _STEP_Y
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{depth + 18 * len(colours) + 6}"'
            ' font-family="sans-serif" font-size="11">'
        ]
        for need, number in self.edges():
            (x1, y1), (x2, y2) = places[need], places[number]
            parts.append(f'<path d="M{x1} {y1}C{x1} {y1 + 30},{x2} {y2 - 30},{x2} {y2}" fill="none" stroke="#999"/>')
        for number, node in self.nodes:
            x, y = places[number]
            parts.append(
                f'<g><title>{html.escape(node.name)} {number + 1}</title><circle cx="{x}" cy="{y}" r="{_RADIUS}"'
                f' fill="{colours[node.name]}"/><text x="{x}" y="{y + 4}" text-anchor="middle" fill="white">{number + 1}</text></g>'
            )
        for i, (name, colour) in enumerate(colours.items()):
            y = depth + 18 * i
            parts.append(
                f'<rect x="8" y="{y}" width="11" height="11" fill="{colour}"/><text x="25" y="{y + 10}">{html.escape(name)}</text>'
            )
        return "".join([*parts, "</svg>"])

    def _places(self) -> dict[int, tuple[int, int]]:
        levels: dict[int, int] = {}
        filled: dict[int, int] = {}
        places = {}
        for number, node in self.nodes:
            level = 1 + max([levels[need] for need in node.needs if need in levels], default=-1)
            levels[number] = level
            column = filled.get(level, 0)
            filled[level] = column + 1
            places[number] = (_STEP_X // 2 + column * _STEP_X + 4, _STEP_Y // 2 + level * _STEP_Y)
        return places
