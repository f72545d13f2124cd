"""Tasks that ask a web service."""

from __future__ import annotations

from colla._http import http

HTTP = http

__all__ = ["http", "HTTP"]
