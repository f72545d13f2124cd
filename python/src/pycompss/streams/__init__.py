"""Streams between tasks that run at the same time; the classes are in :mod:`pycompss.streams.distro_stream`."""

from __future__ import annotations

from .distro_stream import FileDistroStream, ObjectDistroStream

__all__ = ["FileDistroStream", "ObjectDistroStream"]
