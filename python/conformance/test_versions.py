"""Programs in each Python from 3.9 to 3.13 that this machine has: the sequential and the parallel answers are the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from programs import FOLDER, parse
from running import sequentially, with_colla

VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13"]
SMOKE = ["arguments", "collections_out", "exceptions", "main_classes"]


def interpreter(version: str) -> str | None:
    """The path of the Python of this version: on the PATH, or among those of pyenv."""
    candidates = [shutil.which(f"python{version}"), *map(str, sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3")))]
    for candidate in candidates:
        if candidate is None:
            continue
        asked = subprocess.run([candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True)
        if asked.returncode == 0 and asked.stdout.strip() == version:
            return candidate
    return None


@pytest.mark.parametrize("version", VERSIONS)
def test_programs_give_the_same_answer_in_every_python(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")
    for name in SMOKE:
        program = parse(FOLDER / f"{name}.py")
        assert program is not None
        folders = [tmp_path / f"{name}-{how}" for how in ("sequential", "run")]
        for folder in folders:
            folder.mkdir()
        expected = sequentially(program.path, folder=folders[0], python=python)
        ended = with_colla(program.path, folder=folders[1], python=python)
        assert expected.code == 0, expected
        assert ended.code == 0, ended
        assert ended.out == expected.out, ended
