"""Whether memory has been written to since a moment, asked of the kernel instead of by comparing.

Linux 6.7 and newer can mark the pages of private memory, without any handler and any right, and say later which of them were
written to (userfaultfd with asynchronous write protection; the scan of ``/proc/self/pagemap``). A write to a marked page costs a
short fault, once. Elsewhere :func:`begin` returns None, and callers compare.

The marks of a page are one watch's only: a watch over the same pages ends those before it. For threads that hold one lock.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
from typing import Optional

__all__ = ["Watch", "begin"]

LEAST = 1 << 20
"""Less memory is compared as fast."""

_MOST_WATCHES = 1024

_SYSCALL = {"x86_64": 323, "aarch64": 282, "ppc64le": 364, "s390x": 355, "riscv64": 282}
_USER_MODE_ONLY = 1

_API, _REGISTER, _UNREGISTER, _SCAN = 0xC018AA3F, 0xC020AA00, 0x8010AA01, 0xC0606610
_API_VERSION = 0xAA
_WP_UNPOPULATED, _WP_ASYNC = 1 << 13, 1 << 15
_MODE_WP = 1 << 1

_PROTECT_MATCHING, _ONLY_WATCHED = 1 << 0, 1 << 1
_WRITTEN, _FILE, _PRESENT, _SWAPPED = 1 << 1, 1 << 2, 1 << 3, 1 << 4

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Watched pages. They are those that lie wholly in the memory that is asked about."""

    __slots__ = ("start", "end", "_kernel")

    def __init__(self, kernel: _Kernel, start: int, end: int) -> None:
        self._kernel: Optional[_Kernel] = kernel
        self.start = start
        self.end = end

    def covers(self, address: int, length: int) -> bool:
        """Whether these are the pages of this memory, and still are watched."""
        return self._kernel is not None and (self.start, self.end) == _pages(address, length)

    def is_unwritten(self) -> bool:
        """Whether nothing was written to the pages since the watch began; False also when the kernel cannot tell."""
        kernel = self._kernel
        if kernel is None:
            return False
        gone = _PRESENT | _SWAPPED
        return not (kernel.any_page(self.start, self.end, _WRITTEN) or kernel.any_page(self.start, self.end, gone, inverted=gone))

    def stop(self) -> None:
        """Ends the watch. Finalizers may call it."""
        kernel, self._kernel = self._kernel, None
        if kernel is not None:
            kernel.stop(self)


class _Kernel:
    """The two descriptors through which the kernel is asked about this process's memory."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._faults = _open_faults()
        self._pages = os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
        self._watches: list[Watch] = []

    def start(self, start: int, end: int) -> Optional[Watch]:
        """Watches these pages; None if they are not this process's alone."""
        for other in [watch for watch in self._watches if watch.start < end and start < watch.end]:
            other.stop()
        if len(self._watches) >= _MOST_WATCHES or self.any_page(start, end, _FILE, only_watched=False):
            return None
        fcntl.ioctl(self._faults, _REGISTER, bytearray(struct.pack("<4Q", start, end - start, _MODE_WP, 0)))
        watch = Watch(self, start, end)
        self._watches.append(watch)
        try:
            self._scan(start, end, _PROTECT_MATCHING | _ONLY_WATCHED, _WRITTEN, 0, bytearray())
        except OSError:
            watch.stop()
            raise
        return watch

    def stop(self, watch: Watch) -> None:
        """See ``Watch.stop``."""
        if os.getpid() != self.pid:
            return  # forked: the descriptors are about the parent's memory
        try:
            self._watches.remove(watch)
            fcntl.ioctl(self._faults, _UNREGISTER, struct.pack("<2Q", watch.start, watch.end - watch.start))
        except (OSError, ValueError):
            pass  # the memory is gone

    def any_page(self, start: int, end: int, categories: int, inverted: int = 0, only_watched: bool = True) -> bool:
        """Whether any page is of all these categories, or of none of those that are ``inverted``; True if the kernel cannot tell."""
        found = bytearray(24)
        try:
            return self._scan(start, end, _ONLY_WATCHED if only_watched else 0, categories, inverted, found) > 0
        except OSError:
            return True

    def _scan(self, start: int, end: int, flags: int, categories: int, inverted: int, found: bytearray) -> int:
        address = ctypes.addressof(ctypes.c_char.from_buffer(found)) if found else 0
        regions, pages = (1, 1) if found else (0, 0)
        request = struct.pack(
            "<12Q", 96, flags, start, end, 0, address, regions, pages, inverted, categories, 0, categories if found else 0
        )
        return fcntl.ioctl(self._pages, _SCAN, bytearray(request))


_kernel: Optional[_Kernel] = None
_known_to_fail = False


def begin(address: int, length: int) -> Optional[Watch]:
    """Watches this memory from now on. None if it is little, or shared, or the kernel cannot."""
    global _kernel, _known_to_fail
    start, end = _pages(address, length)
    if end - start < LEAST or _known_to_fail:
        return None
    if _kernel is None or _kernel.pid != os.getpid():
        try:
            _kernel = _Kernel()
        except OSError:
            _known_to_fail = True
            return None
    try:
        return _kernel.start(start, end)
    except OSError:
        return None


def _pages(address: int, length: int) -> tuple[int, int]:
    return (address + _PAGE - 1) // _PAGE * _PAGE, (address + length) // _PAGE * _PAGE


def _open_faults() -> int:
    number = _SYSCALL.get(os.uname().machine)
    if number is None:
        raise OSError("unknown machine")
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.syscall(ctypes.c_long(number), ctypes.c_int(os.O_CLOEXEC | os.O_NONBLOCK | _USER_MODE_ONLY))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "userfaultfd")
    try:
        fcntl.ioctl(descriptor, _API, bytearray(struct.pack("<3Q", _API_VERSION, _WP_ASYNC | _WP_UNPOPULATED, 0)))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
