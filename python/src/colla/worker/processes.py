"""What processes ask of Linux: who is told of whose end, who takes in orphans, who is killed first when memory runs out."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any, Iterable

__all__ = ["adopt_orphans", "bind", "children", "die_with_parent", "kill_group", "prefer_as_oom_victim"]

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_OOM_SCORE = b"500"


def adopt_orphans() -> None:
    """Makes this process the parent of all processes below it whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> bool:
    """Has this process killed when its parent ends; False if it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent


def prefer_as_oom_victim() -> None:
    """Offers this process, and what it starts, to the kernel when memory runs out: a task, rather than its worker."""
    with contextlib.suppress(OSError):
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        try:
            os.write(fd, _OOM_SCORE)
        finally:
            os.close(fd)


def kill_group(leader: int, number: int) -> None:
    """Sends a signal to a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def children() -> list[int]:
    """The processes whose parent this one is."""
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children") as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:  # a kernel without such lists
        return [pid for pid in _all_processes() if _parent(pid) == own]


def bind(cpus: Iterable[int]) -> None:
    """Binds all threads of this process to these cpus; what cannot be bound stays where it is."""
    allowed = set(cpus)
    with contextlib.suppress(OSError, ValueError):
        os.sched_setaffinity(0, allowed)
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread), allowed)


def _all_processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return -1


_libc: Any = None


def _prctl(option: int, value: int) -> None:
    global _libc
    if _libc is None:
        import ctypes

        _libc = ctypes.CDLL(None, use_errno=True)
    _libc.prctl(option, value, 0, 0, 0)
