"""The Python examples as scripts and as notebooks; each checks its own result."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import LIMIT, ROOT, environment, home, with_colla

EXAMPLES = ROOT / "examples/python"
SMALL = {
    "matmul": ["--size", "512", "--block", "128"],
    "cholesky": ["--size", "512", "--block", "128"],
    "kmeans": [],
    "wordcount": [],
    "genomics": ["--limit", "300"],
}


@pytest.mark.parametrize("name", SMALL)
def test_script(name: str, tmp_path: Path) -> None:
    if name == "genomics" and shutil.which("hmmsearch") is None:
        pytest.skip("hmmer is not installed")
    ended = with_colla(EXAMPLES / f"{name}.py", *SMALL[name], folder=tmp_path, options=("--workers", "local:2"))
    assert ended.code == 0, ended
    assert "verified" in ended.out, ended


def test_notebooks_are_those_of_the_scripts() -> None:
    subprocess.run([sys.executable, str(EXAMPLES / "make_notebooks.py"), "--check"], check=True)


@pytest.mark.skipif(importlib.util.find_spec("nbclient") is None, reason="nbclient is not installed")
@pytest.mark.parametrize("name", SMALL)
def test_notebook(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "genomics" and shutil.which("hmmsearch") is None:
        pytest.skip("hmmer is not installed")
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(EXAMPLES / "notebooks" / f"{name}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=LIMIT, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=environment(PYTHONPATH=str(home() / "python"), COLLA_HOME=str(home())))
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []))
    assert "verified" in printed, printed
