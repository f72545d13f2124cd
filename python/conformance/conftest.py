"""Marks of the conformance tests."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cluster: needs COLLA_TESTCLUSTER, a running test cluster of three nodes")
