"""Memory of objects, by its address, and whether two pieces of it are equal."""

from __future__ import annotations

import ctypes

__all__ = ["Memory", "equal"]


class _Buffer(ctypes.Structure):
    """CPython's Py_buffer."""

    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.py_object),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    )


_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_memcmp.restype = ctypes.c_int


class Memory:
    """The memory of a contiguous buffer, which may be read-only; in a ``with`` block it stays where it is."""

    __slots__ = ("_view", "address", "length")

    def __init__(self, buffer: object) -> None:
        self._view = _Buffer()
        ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(buffer), ctypes.byref(self._view), 0)
        self.address: int = self._view.buf or 0
        self.length: int = self._view.len

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *_: object) -> None:
        ctypes.pythonapi.PyBuffer_Release(ctypes.byref(self._view))


def equal(one: int, other: int, length: int) -> bool:
    """Whether so many bytes at these two addresses are the same."""
    return _memcmp(one, other, length) == 0
