"""What a notebook (or a prompt) sees of a run: a live view of its progress, and interrupts that cancel.

``pycompss.interactive.start`` sets this up. ``%load_ext colla`` brings the magic ``%colla``: ``%colla status``, ``%colla tasks``,
``%colla stop``.
"""

from __future__ import annotations

import array
import collections
import contextlib
import contextvars
import html
import os
import sys
import threading
import time
import types
from typing import Any, Callable, Deque, Iterable, Mapping, NamedTuple, Sequence

from ._graph import GraphRecorder
from ._session import Session

__all__ = ["Observer", "Progress", "Sample", "Table", "in_notebook", "load_ipython_extension", "shell", "unload_ipython_extension"]

_FIRST_LOOK_SECONDS = 0.4
"""Cells that are done sooner show nothing."""

_MOST_SAMPLES = 10_000


def shell() -> Any:
    """The IPython shell that runs this program, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def in_notebook() -> bool:
    """Whether output can be shown as a web page shows it."""
    running = shell()
    return running is not None and getattr(running, "kernel", None) is not None


# What is called and waited for ----------------------------------------------------------------------------------------------------


class Observer:
    """Sees what a session's program calls and waits for: to cancel it when the user interrupts a cell, and to draw its graph.

    A task that fails for good cancels those that need its results, and not the whole run as it does in a program.
    """

    def __init__(self, session: Session, graph: GraphRecorder | None) -> None:
        self.graph = graph
        self._session = session
        self._called = array.array("I")

    def attach(self) -> None:
        """Begins to see."""
        session = self._session
        for name in ("template", "submit", "submit_program"):
            setattr(session, name, getattr(self, "_" + name)(getattr(session, name)))
        for name in ("get", "get_all", "barrier"):
            setattr(session, name, self._wait(getattr(session, name)))

    def _template(self, define: Callable[[dict], int]) -> Callable[[dict], int]:
        def template(description: dict) -> int:
            if description.get("on_failure") == "RETRY":
                # A mistake in one cell is no reason to end what the others do.
                description = {**description, "on_failure": "CANCEL_SUCCESSORS"}
            number = define(description)
            if self.graph is not None:
                self.graph.template(number, str(description.get("name", "task")))
            return number

        return template

    def _submit(self, submit: Callable[..., list[int]]) -> Callable[..., list[int]]:
        def observed(
            template: int, accesses: Sequence[tuple[int, int]], results: int, spec: Any, group: int = -1
        ) -> list[int]:
            made = submit(template, accesses, results, spec, group)
            self._called.extend(made[:1] or [datum for datum, direction in accesses if direction in (1, 2, 4)][:1])
            if self.graph is not None:
                self.graph.call(template, accesses, made)
            return made

        return observed

    _submit_program = _submit

    def _wait(self, wait: Callable[..., Any]) -> Callable[..., Any]:
        def observed(*args: Any, **kwargs: Any) -> Any:
            try:
                return wait(*args, **kwargs)
            except KeyboardInterrupt:
                data = args[0] if args and wait.__name__ != "barrier" else ()
                self.cancel(data if isinstance(data, Sequence) else [data])
                raise

        return observed

    def begin_cell(self) -> None:
        """What is called from now on belongs to a new cell."""
        self._called = array.array("I")

    def cancel(self, data: Iterable[int] = ()) -> None:
        """Cancels the tasks that the cell has called, and those that make these data; nothing for those that have finished."""
        called, self._called = self._called, array.array("I")
        for datum in {*data, *called}:
            self._session.cancel(datum)


# Tracebacks -------------------------------------------------------------------------------------------------------------------------

_OWN_FOLDERS = tuple(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), name, "") for name in ("colla", "pycompss"))


def hide_own_frames(running: Any) -> None:
    """Lets a shell show tracebacks without the lines of Colla itself, which say nothing about the user's program."""

    def show_traceback(self: Any, kind: type, error: BaseException, trace: Any, tb_offset: int | None = None) -> None:
        self.showtraceback((kind, error, _without_own_frames(trace)), tb_offset=tb_offset)

    if not running.custom_exceptions:
        running.set_custom_exc((Exception, KeyboardInterrupt), show_traceback)


def show_own_frames(running: Any) -> None:
    """Undoes :func:`hide_own_frames`."""
    running.set_custom_exc((), None)


def _without_own_frames(trace: types.TracebackType | None) -> types.TracebackType | None:
    kept = []
    while trace is not None:
        if not os.path.abspath(trace.tb_frame.f_code.co_filename).startswith(_OWN_FOLDERS):
            kept.append(trace)
        trace = trace.tb_next
    result = None
    for each in reversed(kept):
        result = types.TracebackType(result, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return result


# What tasks print -------------------------------------------------------------------------------------------------------------------


class Prints:
    """Shows what tasks print below the cell that runs, or ran last, whichever thread hears of it."""

    def __init__(self, show: Callable[..., None]) -> None:
        self._show = show
        self.begin_cell()

    def begin_cell(self) -> None:
        """A cell begins to run, in this thread."""
        # As in NotebookView.
        self._context = contextvars.copy_context()

    def __call__(self, *printed: str) -> None:
        self._context.run(self._show, *printed)


# Progress ---------------------------------------------------------------------------------------------------------------------------


class Sample(NamedTuple):
    """How the run was doing at a time (seconds since 1970)."""

    time: float
    done: int
    running: int
    waiting: int
    failed: int
    cancelled: int
    cores_busy: int
    cores: int

    @classmethod
    def of(cls, status: Mapping[str, Any]) -> Sample:
        """The sample that the gateway's answer to ``status`` is."""
        return cls(time.time(), *(int(status.get(name, 0)) for name in cls._fields[1:]))

    @property
    def unfinished(self) -> int:
        """Tasks that are still to run, or running."""
        return self.running + self.waiting

    @property
    def total(self) -> int:
        """Tasks that have been called."""
        return self.done + self.unfinished + self.failed + self.cancelled

    def __str__(self) -> str:
        parts = [f"{self.done} of {self.total} tasks done"]
        for count, what in ((self.running, "running"), (self.failed, "failed"), (self.cancelled, "cancelled")):
            if count:
                parts.append(f"{count} {what}")
        if self.unfinished:
            parts.append(f"{self.cores_busy} of {self.cores} cores busy")
        return " · ".join(parts)


class _Shown:
    """A sample as a notebook shows it."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample

    def __repr__(self) -> str:
        return str(self._sample)

    def _repr_html_(self) -> str:
        sample = self._sample
        colour = "#e15759" if sample.failed else "#59a14f"
        share = 100 * (sample.total - sample.unfinished) / max(1, sample.total)
        return (
            '<div style="display:flex;align-items:center;gap:8px;font-size:90%"><div style="width:160px;height:8px;'
            f'background:#8884;border-radius:4px"><div style="width:{share:.1f}%;height:8px;background:{colour};'
            f'border-radius:4px"></div></div><span>{html.escape(str(sample))}</span></div>'
        )


class NotebookView:
    """Shows samples below the running cell, in one place that is updated."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._context: contextvars.Context | None = None

    def begin_cell(self) -> None:
        """The next sample is shown below the cell whose code runs now in this thread."""
        # The kernel knows by context variables which cell an output belongs to.
        self._context = contextvars.copy_context()
        self._handle = None

    def show(self, sample: Sample) -> None:
        """Shows a sample instead of the last one."""
        if self._context is not None:
            self._context.run(self._show, _Shown(sample))

    def _show(self, shown: _Shown) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)

    @property
    def shows(self) -> bool:
        """Whether this cell has shown something."""
        return self._handle is not None


class TerminalView:
    """Shows samples in the last line of a terminal."""

    def __init__(self) -> None:
        self.shows = False

    def begin_cell(self) -> None:
        """Another line from now on."""
        self.shows = False

    def show(self, sample: Sample) -> None:
        """Shows a sample instead of the last one."""
        sys.stderr.write(f"\r\x1b[K{sample}" + ("" if sample.unfinished else "\n"))
        sys.stderr.flush()
        self.shows = True


class Progress:
    """Looks how a run is doing and shows it, while cells run and until their tasks are done. It never looks when nothing runs."""

    def __init__(self, ask: Callable[[], Mapping[str, Any]], view: NotebookView | TerminalView, seconds: float) -> None:
        """:param ask: asks for the run's status. :param seconds: between two looks."""
        self.samples: Deque[Sample] = collections.deque(maxlen=_MOST_SAMPLES)
        self._ask = ask
        self._view = view
        self._seconds = seconds
        self._changed = threading.Condition()
        self._cells = 0
        self._looking = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="colla-progress", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def begin_cell(self) -> None:
        """A cell begins to run, in this thread."""
        with self._changed:
            self._view.begin_cell()
            self._cells += 1
            self._looking = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Looks no more. Does not wait."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def look(self) -> Sample:
        """Looks now, and remembers."""
        sample = Sample.of(self._ask())
        self.samples.append(sample)
        return sample

    def end_cell(self) -> None:
        """The cell's code has ended; its tasks may run on, and are looked at until the next cell begins."""
        with self._changed:
            if self._view.shows and not self._stopped:
                with contextlib.suppress(Exception):  # the run may have ended with the cell
                    self._view.show(self.look())

    def _run(self) -> None:
        seen = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._looking or self._stopped)
                first = self._cells != seen
                seen = self._cells
                self._changed.wait_for(lambda: self._stopped, _FIRST_LOOK_SECONDS if first else self._seconds)
                if self._stopped:
                    return
            try:
                sample = self.look()
            except Exception:  # the run has ended: there is nothing to be seen, and nobody to be told by this thread
                return
            with self._changed:
                if self._stopped:
                    return
                if sample.unfinished or self._view.shows:
                    self._view.show(sample)
                if not sample.unfinished and seen == self._cells:
                    self._looking = False


# Tables and the magic ---------------------------------------------------------------------------------------------------------------


class Table:
    """Rows with a head, as text or as a notebook shows them."""

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self.head = list(head)
        self.rows = [[_text(cell) for cell in row] for row in rows]

    def __repr__(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.head))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)

    def _repr_html_(self) -> str:
        def row(cells: Iterable[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        return "<table>" + row(self.head, "th") + "".join(row(cells, "td") for cells in self.rows) + "</table>"


def _text(cell: object) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def show(what: object) -> None:
    """Shows something below the cell, or prints it where there is no notebook."""
    if in_notebook():
        from IPython.display import display

        display(what)
    else:
        print(what)


def load_ipython_extension(running: Any) -> None:
    """``%load_ext colla``: makes the magic ``%colla``."""
    from pycompss import interactive

    words: dict[str, Callable[[], object]] = {
        "status": interactive.tasks_status,
        "tasks": interactive.tasks_info,
        "resources": interactive.resources_status,
        "start": interactive.start,
        "stop": interactive.stop,
    }

    def colla(line: str) -> None:
        """%colla status | tasks | resources | start | stop"""
        word = line.strip() or "status"
        if word in words:
            words[word]()
        else:
            print(f"%colla knows {', '.join(words)}; not {word!r}")

    running.register_magic_function(colla, "line", "colla")


def unload_ipython_extension(running: Any) -> None:
    """``%unload_ext colla``: takes the magic ``%colla`` away."""
    running.magics_manager.magics["line"].pop("colla", None)
