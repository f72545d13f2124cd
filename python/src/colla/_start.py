"""How a program comes to a session: by the gateway that ``colla run`` names, or by starting one; and how the session ends.

A program that ends in order waits for its tasks and files; one that ends by an uncaught exception, or with an exit code that is not
zero, cancels them.
"""

from __future__ import annotations

import atexit
import os
import socket
import sys
import traceback
from typing import Any, Optional

from . import _session, _trace, _traced, _traces
from ._connection import Connection
from ._errors import InternalError
from ._session import Session

__all__ = ["connect", "session_at", "start", "stop", "wait_for_own_gateway"]

PROTOCOL = 1

_TRACE_SECONDS = 1800.0
"""A large trace takes a while to be made, after the run's end."""


def start(**options: Any) -> Session:
    """Starts a run for a program that was not started by ``colla run``: in a notebook, say.

    Options are those of ``colla run``, with underscores: ``start(workers="local:3")`` for ``--workers local:3``, ``stream=True``
    for ``--stream``. In a program that has a run already it returns that one.

    Raises UsageError, which says why, if there is no ``colla`` command or it cannot start.
    """
    session = _session.current()
    if session is not None:
        return session
    from . import _gateway

    return connect(_gateway.start(options))


def stop(failed: bool = False) -> None:
    """Ends the run: waits for its tasks and brings files to their paths, or, if ``failed``, cancels its tasks. Nothing without a run."""
    session = _session.current()
    if session is not None:
        try:
            session.end(failed)
        finally:
            wait_for_own_gateway()


def connect(path: str) -> Session:
    """Makes a session at this gateway the running one, until the program ends."""
    # What the program starts is not the program.
    os.environ.pop("COLLA_GATEWAY", None)
    _traced.starting()
    session = session_at(path)
    _traced.attach(session)
    _session.begin(session)
    _watch_the_end()
    return session


def session_at(path: str) -> Session:
    """A session at the gateway that listens there. Raises InternalError if there is none."""
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.connect(path)
    except OSError as error:
        sock.close()
        raise InternalError(f"the run is gone: its socket {path} cannot be connected to ({error.strerror})") from None
    connection = Connection(sock, _print)
    session = Session(connection, _hello())
    if session.facts.get("stream"):
        connection.keep_reading()
    return session


def _hello() -> dict:
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    return {
        "protocol": PROTOCOL,
        "pid": os.getpid(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "executable": sys.executable or "",
        "path": [os.path.abspath(entry) for entry in sys.path],
        "cwd": os.getcwd(),
        "argv": list(getattr(sys, "argv", [])),
        "main": os.path.abspath(file) if file else None,
        "interactive": is_interactive(),
    }


def is_interactive() -> bool:
    """Whether somebody types this program: a notebook or a prompt."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive) or "ipykernel" in sys.modules


def _print(task: str, node: str, text: str) -> None:
    """Shows what a task has printed."""
    prefix = f"[{task} {node}] "
    lines = text.splitlines()
    try:
        sys.stdout.write("".join(f"{prefix}{line}\n" for line in lines))
        sys.stdout.flush()
    except (OSError, ValueError):
        pass  # the program has closed its output: nobody is there to read this


# The end of the program -----------------------------------------------------------------------------------------------------------


class _End:
    """What is known of how the program ends."""

    def __init__(self) -> None:
        self.uncaught = False
        self.code: object = None
        self.main = _main_frame()

    def failed(self) -> bool:
        """Whether the program ends by an exception other than an exit in order."""
        return self.uncaught or (_is_code_of_failure(self.code) and not self._main_returned())

    def _main_returned(self) -> bool:
        """Whether the main module ran to its end. If not, what it exits with is the code that was last given to ``sys.exit``."""
        frame = self.main
        if frame is None or frame.f_lasti < 0:
            return False
        import opcode

        return opcode.opname[frame.f_code.co_code[frame.f_lasti]] in ("RETURN_VALUE", "RETURN_CONST")


_end: Optional[_End] = None


def _watch_the_end() -> None:
    global _end
    if _end is not None:
        return
    _end = end = _End()
    hook, leave = sys.excepthook, sys.exit

    def excepthook(kind: type, error: BaseException, trace: Any) -> None:
        end.uncaught = True
        if not issubclass(kind, InternalError):
            trace = _traces.of_the_program(trace)
            error.__traceback__ = trace
        hook(kind, error, trace)  # type: ignore[arg-type]

    def exit(status: object = None, /) -> None:  # noqa: A001
        end.code = status
        leave(status)  # type: ignore[arg-type]

    exit.__doc__ = leave.__doc__
    sys.excepthook = excepthook
    sys.exit = exit  # type: ignore[assignment]
    atexit.register(_trace.close)  # after the end of the run, which is recorded, too
    atexit.register(_end_with_the_program)


def _end_with_the_program() -> None:
    session = _session.running()
    if session is None:
        return
    failed = _end is not None and not is_interactive() and _end.failed()
    try:
        error = session.leave(failed)
        told = True
    except BaseException as ended_by:
        error = ended_by
        told = False
    if failed:
        error = None
    own = wait_for_own_gateway()
    if error is not None and (own or not told):
        _show(error)
        if own:  # else `colla run` gives the run's exit code, and says what it was told
            _exit_with(130 if isinstance(error, KeyboardInterrupt) else 1)


def _show(error: BaseException) -> None:
    _flush()
    traceback.print_exception(type(error), error, error.__traceback__)


def wait_for_own_gateway() -> bool:
    """Waits for the end of a gateway that was started here, and so for the run's trace. Whether there was one."""
    gateway = sys.modules.get("colla._gateway")
    if gateway is None:
        return False
    seconds = (_TRACE_SECONDS,) if _trace.is_traced() else ()
    _trace.configure(None)  # what a notebook records from now on is not the run's
    return gateway.wait(*seconds)


def _exit_with(code: int) -> None:
    """Ends the process with this code. The interpreter has chosen another one by now, so it cannot end it itself."""
    import weakref

    _flush()
    for last in (getattr(weakref.finalize, "_exitfunc", None), getattr(sys.modules.get("logging"), "shutdown", None)):
        try:
            if last is not None:
                last()
        except Exception:
            traceback.print_exc()
    _flush()
    os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # closed, or there is none


def _is_code_of_failure(code: object) -> bool:
    return code is not None and code != 0


def _main_frame() -> Any:
    """The frame of the main module's own code, which this call comes from; None at a prompt or in another thread."""
    main = sys.modules.get("__main__")
    frame = sys._getframe()
    found = None
    while frame is not None:
        if frame.f_code.co_name == "<module>" and main is not None and frame.f_globals is vars(main):
            found = frame
        frame = frame.f_back  # type: ignore[assignment]
    return found
