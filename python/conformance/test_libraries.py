"""Libraries that were written for PyCOMPSs, unmodified from the package index."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from running import sequentially, with_colla

FOLDER = Path(__file__).with_name("libraries")
LIMIT = 300


@pytest.mark.skipif(importlib.util.find_spec("dislib") is None, reason="dislib is not installed")
@pytest.mark.parametrize("options", [(), ("--workers", "local:2")], ids=["run", "local"])
def test_dislib_finds_what_scikit_learn_finds(options: tuple[str, ...], tmp_path: Path) -> None:
    script = FOLDER / "dislib_estimators.py"
    ended = with_colla(script, folder=tmp_path, options=options, limit=LIMIT)
    assert ended.code == 0, ended
    proofs = [line for line in ended.out.splitlines() if not line.startswith("WARNING")]
    assert len(proofs) == 10, ended


@pytest.mark.skipif(importlib.util.find_spec("dislib") is None, reason="dislib is not installed")
def test_dislib_runs_without_colla(tmp_path: Path) -> None:
    ended = sequentially(FOLDER / "dislib_estimators.py", folder=tmp_path)
    assert ended.code == 0, ended
