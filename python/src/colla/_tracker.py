"""Objects of the program and the data that stand for them: those that tasks change, and large ones that were sent before."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _mapping, _objects, _wire
from ._futures import Future
from ._packing import pack

if TYPE_CHECKING:
    from . import _watch
    from ._session import Session

__all__ = ["Tracker"]

_SCALARS = (int, str, float, bool, type(None))

_IMMUTABLE = (bytes, str, int)
"""Types whose instances, once sent, need no look whether they changed."""

_LEAST_SWEEP = 64
"""With fewer objects that cannot be referenced weakly, nobody looks whether the program still has them."""

_SHARE = 4
"""Sent objects that are kept in case they come again may take one of so many parts of the shared memory."""


class _Weak(weakref.ref):
    """A weak reference that knows its object's key."""

    __slots__ = ("key",)
    key: int

    def __new__(cls, obj: object, callback: Any, key: int) -> _Weak:
        self = super().__new__(cls, obj, callback)
        self.key = key
        return self

    def __init__(self, obj: object, callback: Any, key: int) -> None:
        super().__init__(obj, callback)


class _Strong:
    """A reference that keeps an object alive, where there can be no weak one."""

    __slots__ = ("obj",)

    def __init__(self, obj: object) -> None:
        self.obj = obj

    def __call__(self) -> object:
        return self.obj


_Reference = Union[_Weak, _Strong]


class _Known:
    """An object's datum, and what was sent as its content if that may be sent again."""

    __slots__ = ("reference", "datum", "sent")

    def __init__(self, reference: _Reference, datum: int, sent: Optional[_Sent]) -> None:
        self.reference = reference
        self.datum = datum
        self.sent = sent


class _Sent:
    """The file of a packed object, to compare with. It is mapped when the object comes again."""

    __slots__ = ("path", "size", "_memory", "_pickle", "_buffers", "_watches")

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.size = size
        self._memory: Any = None
        self._pickle: Any = None
        self._buffers: list[tuple[int, int]] = []
        # By the number of the buffer: its memory in the object, which was equal when the watch began.
        self._watches: dict[int, _watch.Watch] = {}

    def is_there(self) -> bool:
        """Whether the file still is where it was: if not, it cannot be mapped, or the mapping keeps memory in use that was to be freed."""
        if self._memory is not None:
            return os.path.exists(self.path)
        try:
            self._memory = _mapping.map_private(self.path, self.size)
        except OSError:
            return False
        self._pickle, self._buffers = _objects.unpack_header(memoryview(self._memory))
        return True

    def is_content_of(self, packed: _objects.Packed) -> bool:
        """Whether a packed object is, byte by byte, what was sent. Ask first whether it :meth:`is_there`."""
        if packed.size != self.size or len(packed.pickle) != len(self._pickle) or len(packed.buffers) != len(self._buffers):
            return False
        from . import _compare  # ctypes takes a while to import, and few programs need it

        with _compare.Memory(packed.pickle) as pickled, _compare.Memory(self._pickle) as sent:
            if not _compare.equal(pickled.address, sent.address, sent.length):
                return False
        return all(self._is_same(number, buffer) for number, buffer in enumerate(packed.buffers))

    def _is_same(self, number: int, buffer: memoryview) -> bool:
        from . import _compare, _watch

        start, length = self._buffers[number]
        sent = _mapping.address_of(self._memory) + start
        with _compare.Memory(buffer) as memory:
            if memory.length != length:
                return False
            address = memory.address
            watch = self._watches.pop(number, None)
            if watch is not None and watch.covers(address, length) and watch.is_unwritten():
                self._watches[number] = watch
                head, tail = watch.start - address, watch.end - address
                return _compare.equal(address, sent, head) and _compare.equal(watch.end, sent + tail, length - tail)
            if watch is not None:
                watch.stop()
            # The watch begins first: what is written while the memory is compared is seen the next time.
            watch = _watch.begin(address, length)
            same = _compare.equal(address, sent, length)
            if watch is not None:
                if same:
                    self._watches[number] = watch
                else:
                    watch.stop()
            return same

    def forget(self) -> None:
        """Ends what looks after the object's memory. Finalizers may call it."""
        while self._watches:
            self._watches.popitem()[1].stop()


class Tracker:
    """The objects of one session's program. For any thread; finalizers may interrupt any method, and only close data."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.RLock()
        self._written: dict[int, _Known] = {}
        # In the order of their last use.
        self._sent: dict[int, _Known] = {}
        self._bytes_sent = 0
        self._most_bytes = session.folders.capacity() // _SHARE
        self._strong = 0
        self._sweep_at = _LEAST_SWEEP

    def datum_of(self, obj: object) -> Optional[int]:
        """The datum of an object that tasks change, None for others."""
        known = self._written.get(id(obj))
        return known.datum if known is not None and known.reference() is obj else None

    def has_written(self) -> bool:
        """See ``Session.tracks_any``."""
        return bool(self._written)

    def argument(self, obj: object, writes: bool, what: str) -> int:
        """See ``Session.argument``."""
        if type(obj) is Future:
            return obj._datum
        datum = self.datum_of(obj)
        if datum is not None:
            return datum
        if type(obj) in _SCALARS and not (type(obj) is str and len(obj) > _wire.INLINE_LIMIT):  # type: ignore[arg-type]
            # Such objects have no identity: the same 1 may be another variable's.
            datum = self._session.put(obj, what)
            self._session.close_after_call(datum)
            return datum
        with self._lock:
            datum = self._sent_before(obj, what)
            if writes:
                return self._write(obj, datum, what)
            return self._send(obj, what) if datum is None else datum

    def output(self, obj: object) -> int:
        """See ``Session.output``."""
        datum = self.datum_of(obj)
        if datum is not None:
            return datum
        with self._lock:
            datum = self._session.new()
            self._written[id(obj)] = _Known(self._reference(self._written, obj), datum, None)
            return datum

    def forget(self, obj: object) -> bool:
        """See ``Session.forget``."""
        key = id(obj)
        found = False
        for table in (self._written, self._sent):
            known = table.get(key)
            if known is not None and known.reference() is obj:
                found = True
                self._drop(table, key, known.reference)
        return found

    def end(self) -> None:
        """Forgets everything."""
        self._written.clear()
        while self._sent:
            known = self._sent.popitem()[1]
            if known.sent is not None:
                known.sent.forget()

    def _write(self, obj: object, datum: Optional[int], what: str) -> int:
        """Tracks an object that a task changes, which begins with the content that was sent before, if it is still the same."""
        if datum is None:
            datum = self._session.put(obj, what)
        else:
            # Its mapping goes with it: nobody else then looks at the file, and the task may change it in place.
            known = self._sent.pop(id(obj))
            if known.sent is not None:
                self._bytes_sent -= known.sent.size
                known.sent.forget()
            if type(known.reference) is _Strong:
                self._strong -= 1
        self._written[id(obj)] = _Known(self._reference(self._written, obj), datum, None)
        return datum

    def _sent_before(self, obj: object, what: str) -> Optional[int]:
        """The datum that an object had when it was sent, if it is still the same."""
        key = id(obj)
        known = self._sent.get(key)
        if known is None or known.reference() is not obj or known.sent is None:
            return None
        if not known.sent.is_there():
            self._drop(self._sent, key, known.reference)
            return None
        if type(obj) not in _IMMUTABLE:
            if not known.sent.is_content_of(pack(obj, what)):
                self._drop(self._sent, key, known.reference)
                return None
        self._sent[key] = self._sent.pop(key)
        return known.datum

    def _send(self, obj: object, what: str) -> int:
        session = self._session
        packed = pack(obj, what)
        if packed.size <= session.folders.inline_limit:
            datum = session.put_encoded(_wire.inline(packed.to_bytes()))
            session.close_after_call(datum)
            return datum
        self._make_room(packed.size)
        path = session.folders.write(packed)
        datum = session.put_encoded(_wire.mapped(path, packed.size))
        self._sent[id(obj)] = _Known(self._reference(self._sent, obj), datum, _Sent(path, packed.size))
        self._bytes_sent += packed.size
        return datum

    def _make_room(self, size: int) -> None:
        """Closes what was not passed for the longest time, so that a further object does not make the whole too large."""
        if self._bytes_sent + size <= self._most_bytes:
            return
        self._bytes_sent = sum(known.sent.size for known in list(self._sent.values()) if known.sent is not None)
        while self._sent and self._bytes_sent + size > self._most_bytes:
            key, known = next(iter(self._sent.items()))
            self._drop(self._sent, key, known.reference)

    def _reference(self, table: dict[int, _Known], obj: object) -> _Reference:
        def collected(reference: _Weak) -> None:
            self._drop(table, reference.key, reference)

        try:
            return _Weak(obj, collected, id(obj))
        except TypeError:
            self._strong += 1
            if self._strong > self._sweep_at:
                self._sweep()
            return _Strong(obj)

    def _drop(self, table: dict[int, _Known], key: int, reference: _Reference) -> None:
        known = table.get(key)
        if known is None or known.reference is not reference:
            return  # another object has that key by now
        if table.pop(key, None) is known:
            if known.sent is not None:
                self._bytes_sent -= known.sent.size
                known.sent.forget()
            if type(reference) is _Strong:
                self._strong -= 1
            self._session.close(known.datum)

    def _sweep(self) -> None:
        """Drops the objects that nobody but this tracker has any more."""
        for table in (self._written, self._sent):
            for key, known in list(table.items()):
                reference = known.reference
                # One reference is that in _Strong, one the argument's.
                if type(reference) is _Strong and sys.getrefcount(reference.obj) <= 2:
                    self._drop(table, key, reference)
        self._sweep_at = max(_LEAST_SWEEP, 2 * self._strong)
