"""A rank of an MPI task: ``python3 -m colla.worker.rank SOCKET ID RANKS``, started once for each rank by the MPI launcher.

The environment's ``COLLA_RANK_PATH`` is the program's ``sys.path`` in JSON. Rank 0 connects to its worker's socket and is told there what
an executor is told, after a SETUP frame with what concerns all ranks; it passes the call on. A rank that fails tells why, rank 0 in its
answer, another in the last line of its standard error, and ends its process and so the job.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import faulthandler
import json
import os
import socket
import struct
import sys
import time
import zlib
from time import perf_counter_ns
from typing import Any, NoReturn, Sequence

from .. import _byvalue, _trace, _wire
from .._objects import Folders
from . import executor, failures, invoke, ranks
from .channel import Channel, Ended
from .context import Context
from .output import Tee

__all__ = ["MARK", "main"]

MARK = "colla-rank-failed"
"""Begins the line ``MARK BASE64`` that tells a failure: compressed, ``i64`` nanoseconds (big-endian), and a FAILED frame's body from
``retriable`` on."""

_LONGEST = 24_000
"""Characters of that line; only so much is passed on of what a rank writes."""

_LONGEST_STACK = 8_000

_SETUP = 7
_FAILED = 1

_CANNOT_START = 3
"""The exit code of an interpreter that will not do; a line on standard error says why."""


class _RankChannel(Channel):
    """The connection of rank 0, on which its setup comes first."""

    setup: "dict[str, Any]"

    def _take_rare(self, kind: int, body: memoryview) -> None:
        if kind == _SETUP:
            self.setup = json.loads(_wire.read_string(body, 0)[0])
        else:
            super()._take_rare(kind, body)


def main(arguments: Sequence[str]) -> int:
    """Does this rank's part of the one call of the job; returns the exit code."""
    if len(arguments) != 3:
        print("usage: python3 -m colla.worker.rank SOCKET ID RANKS", file=sys.stderr)
        return 2
    path, identity, size = arguments[0], int(arguments[1]), int(arguments[2])
    _take_path()
    trouble = _trouble()
    if trouble is not None:
        return _cannot_start(trouble)
    mpi = _mpi4py()
    if isinstance(mpi, str):
        return _cannot_start(mpi)
    if mpi.COMM_WORLD.size != size:
        return _cannot_start(_mismatch(mpi, size))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    faulthandler.enable(2, all_threads=False)
    team = ranks.join(mpi)
    if team.rank == 0:
        _lead(team, path, identity)
    else:
        _follow(team)
    return 0


def _lead(team: ranks.Team, path: str, identity: int) -> None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(path)
    except OSError as error:
        print(f"colla.worker.rank: rank 0 cannot connect to its worker at {path}: {error.strerror}", file=sys.stderr, flush=True)
        _end()
    channel = _RankChannel(connection)
    try:
        channel.hello({"kind": "rank", "id": identity, "pid": os.getpid()})
        data, start, end = channel.next_task()
    except Ended:
        _end()
    setup = channel.setup
    sequence, number, task, attempt, cores, _ = executor.TASK.unpack_from(data, start)
    _, _, at = executor.read_place(data, start + executor.PLACE)
    name, body = channel.functions[number]
    _set_up(setup, 0)
    team.share((setup, name, body))
    context = Context(setup["nodes"][0])
    context.task, context.attempt, context.cores = task, attempt, setup["cores"]
    folders = Folders(setup["shm"], setup["disk"])
    begun = perf_counter_ns()
    try:
        spec = context.begin(data, at)
        function = _loaded(body, name, context.node)
        begun = perf_counter_ns()
        outputs = invoke.run(function, data[spec:end], context)
        nanoseconds = perf_counter_ns() - begun
        values = context.encode_outputs(outputs, folders)
    except BaseException as error:
        failure = _described(failures.of_argument(error, context.node), setup, team)
        with contextlib.suppress(Ended):
            channel.send(executor.failed_frame(sequence, perf_counter_ns() - begun, failure))
            while True:
                channel.next_task()  # the worker has it when it ends the connection
        _end()
    else:
        with contextlib.suppress(Ended):
            channel.send(executor.done_frame(sequence, begun, nanoseconds, values))


def _follow(team: ranks.Team) -> None:
    setup, name, body = team.share(None)
    node = setup["nodes"][team.rank]
    try:
        _set_up(setup, team.rank)
        team.follow(_loaded(body, name, node).call)
    except BaseException as error:
        failure = _described(failures.of_argument(error, node), setup, team)
        _flush()
        # Not sys.stderr, which may be something else by now.
        os.write(2, f"\n{_note(failure)}\n".encode())
        _end()


def _note(failure: failures.TaskFailure) -> str:
    """The line that tells a failure, without the exception if it would be too long."""
    line = f"{MARK} {_encoded(failure)}"
    if len(line) <= _LONGEST:
        return line
    return f"{MARK} {_encoded(failure._replace(exception=b'', stack=failure.stack[-_LONGEST_STACK:]))}"


def _encoded(failure: failures.TaskFailure) -> str:
    said = _wire.string(failure.message) + _wire.string(failure.stack) + failure.exception
    return base64.b64encode(zlib.compress(struct.pack(">qB", time.time_ns(), failure.retriable) + said)).decode()


def _end() -> NoReturn:
    """Ends the process at once, and so the job: MPI would wait for the other ranks, which may wait for this one."""
    _flush()
    _trace.close()
    os._exit(_FAILED)


def _described(error: BaseException, setup: "dict[str, Any]", team: ranks.Team) -> failures.TaskFailure:
    failure = failures.describe(error)
    if team.size == 1:
        return failure
    where = f"rank {team.rank} of {team.size} on {setup['nodes'][team.rank]}"
    return failure._replace(message=f"{where}: {failure.message}", stack=f"On {where}:\n{failure.stack}")


def _loaded(body: bytes, name: str, node: str) -> invoke.Function:
    try:
        return invoke.load_function(body, node)
    except Exception as error:
        raise failures.cannot_load(error, name, node) from error.__cause__


def _take_path() -> None:
    """Finds modules where the program does: mpi4py, too."""
    path = json.loads(os.environ.pop("COLLA_RANK_PATH", "[]"))
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.path[:] = (path or sys.path) + ([own] if own not in path else [])


def _set_up(setup: "dict[str, Any]", rank: int) -> None:
    """Makes this process like the program's."""
    sys.argv[:] = [setup.get("main") or ""]
    with contextlib.suppress(OSError):  # it is told when the function needs it
        os.chdir(setup["cwd"])
    _byvalue.use_own_main(setup.get("main"))
    if setup.get("stream"):
        # Only standard output comes to where it is shown.
        sys.stderr = Tee(sys.stderr, lambda text: os.write(1, text.encode(errors="replace")))
    _trace.identify("python-rank", "python", _trace.PYTHON_WORKER, node=setup["nodes"][rank], rank=rank)
    atexit.register(_trace.close)
    nodes = list(dict.fromkeys(setup["nodes"]))
    os.environ["COMPSS_HOSTNAMES"] = ",".join(nodes)
    os.environ["COMPSS_NUM_NODES"] = str(len(nodes))
    os.environ["COMPSS_NUM_THREADS"] = str(setup["cores"])
    os.environ["COMPSS_MASTER_NODE"] = nodes[0]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # the function has closed or replaced it
            stream.flush()


def _trouble() -> "str | None":
    from importlib.util import find_spec

    if find_spec("cloudpickle") is None:
        return f"Python tasks need the package cloudpickle, which {sys.executable} does not have: {sys.executable} -m pip install cloudpickle"
    return None


def _mpi4py() -> Any:
    """The module ``mpi4py.MPI``, or a sentence that says why it is not to be had."""
    try:
        from mpi4py import MPI
    except ModuleNotFoundError as error:
        if error.name != "mpi4py":
            return f"mpi4py of {sys.executable} cannot be imported: {error}"
        return f"Python functions on MPI ranks need the package mpi4py, which {sys.executable} does not have: {sys.executable} -m pip install mpi4py"
    except (ImportError, RuntimeError) as error:  # no library of MPI, or another one than it was built with
        return f"mpi4py of {sys.executable} finds no MPI library that fits it ({error}); install it for the MPI of the launcher"
    return MPI


def _mismatch(mpi: Any, size: int) -> str:
    library = mpi.Get_library_version().partition(",")[0].strip()
    return (
        f"{size} ranks were started, but mpi4py of {sys.executable} sees {mpi.COMM_WORLD.size}: it uses another MPI ({library}) than the launcher; "
        "install mpi4py for the launcher's MPI, or choose another launcher (--mpi)"
    )


def _cannot_start(why: str) -> int:
    print(f"colla.worker.rank: {why}", file=sys.stderr, flush=True)
    return _CANNOT_START


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
