"""Files of packed objects in memory: mapped without a file descriptor that stays open, privately or in place."""

from __future__ import annotations

import fcntl
import mmap
import os
import sys
from typing import Any, Callable, Optional, Union

__all__ = ["is_ours_alone", "map_in_place", "map_private"]

Memory = Union[bytearray, mmap.mmap]

COPY_LIMIT = 128 * 1024
"""A file of at most so many bytes is read: that costs no more than mapping it."""

_MAP_FIXED = 0x10
_map_over: Optional[Callable[..., int]] = None


def map_private(path: str, size: int) -> Memory:
    """The file's content as memory that can be written to, which changes nothing in the file and nothing for others.

    The file may be deleted meanwhile. Raises OSError if it is not there, or shorter than ``size``.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check_size(fd, path, size)
        if size > COPY_LIMIT:
            try:
                return _map_without_descriptor(fd, size)
            except OSError:
                pass  # too many mappings: then it is read
        return _read(fd, path, size)
    finally:
        os.close(fd)


def map_in_place(path: str, size: int) -> mmap.mmap:
    """The file itself as memory: what is written there is in the file."""
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        _check_size(fd, path, size)
        return mmap.mmap(fd, size, access=mmap.ACCESS_WRITE)
    finally:
        os.close(fd)


def is_ours_alone(path: str) -> bool:
    """Whether no process, this one included, has the file open or mapped.

    The kernel knows: it gives a lease for writing only then. An object that somebody kept beyond its time (in a global variable of
    a task, or in the program) is so never changed under their hands. Where the file system knows no leases the answer is no.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return True
    except OSError:
        return False
    finally:
        os.close(fd)


def address_of(buffer: Any) -> int:
    """Where the memory of a writable, contiguous buffer begins."""
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))


def _check_size(fd: int, path: str, size: int) -> None:
    there = os.fstat(fd).st_size
    if there < size:
        raise OSError(f"the file {path} of an object has {there} of its {size} bytes")


def _map_without_descriptor(fd: int, size: int) -> mmap.mmap:
    if sys.version_info >= (3, 13):
        return mmap.mmap(fd, size, access=mmap.ACCESS_COPY, trackfd=False)
    # mmap objects keep a duplicate of the descriptor, and thousands of objects would use up all that a process may have. So
    # memory is reserved without a file, and the file mapped over it.
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    _mmap()(address_of(memory), size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | _MAP_FIXED, fd, 0)
    return memory


def _mmap() -> Callable[..., int]:
    global _map_over
    if _map_over is None:
        import ctypes

        function = ctypes.CDLL(None, use_errno=True).mmap
        function.restype = ctypes.c_void_p
        number = ctypes.c_int
        function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, number, number, number, ctypes.c_long]

        def map_over(*arguments: int) -> int:
            at = function(*arguments)
            if at != arguments[0]:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code))
            return at

        _map_over = map_over
    return _map_over


def _read(fd: int, path: str, size: int) -> bytearray:
    memory = bytearray(size)
    view = memoryview(memory)
    at = 0
    while at < size:
        count = os.readv(fd, [view[at:]])
        if count == 0:
            raise OSError(f"the file {path} of an object ended after {at} of its {size} bytes")
        at += count
    return memory
