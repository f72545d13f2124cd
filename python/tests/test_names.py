"""Every name that the packages use is defined or imported: an interpreter finds out only where it comes by."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
REEXPORTS = ("__init__.py", "pycompss/")


def test_every_name_is_known_and_every_import_used() -> None:
    done = subprocess.run([sys.executable, "-m", "pyflakes", str(SOURCE)], capture_output=True, text=True)
    assert not done.stderr, done.stderr
    found = [line for line in done.stdout.splitlines() if "import *" not in line]
    unused = "imported but unused"
    wrong = [line for line in found if unused not in line or not any(each in line for each in REEXPORTS)]
    assert not wrong, "\n".join(wrong)
