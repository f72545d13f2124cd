"""The Python in the guide's pages runs, and prints what the pages say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from colla import _gateway
from colla._errors import UsageError

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
SOURCES = str(Path(__file__).parents[1] / "src")
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page, kind):
    """The blocks of a page that are of this kind."""
    return [text for found, text in BLOCK.findall((GUIDE / page).read_text(encoding="utf-8")) if found == kind]


@pytest.fixture
def command():
    try:
        return _gateway.command()
    except UsageError:
        pytest.skip("there is no installed colla command: COLLA_HOME names one")


@pytest.mark.parametrize("page", ["data-sets.md", "streams.md"])
def test_a_page_s_program(page, command, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    done = subprocess.run(
        [command, "run", "--quiet", "--python", sys.executable, str(program)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "".join(blocks(page, "text"))


def test_the_notebook(command, tmp_path, monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", SOURCES)
    monkeypatch.chdir(tmp_path)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in blocks("notebooks.md", "python")])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.outputs if output.output_type == "stream"]
    printed = "".join(output.text for output in outputs if not output.text.startswith("Colla runs"))
    assert printed == "".join(blocks("notebooks.md", "text")), os.getcwd()


def test_the_sequential_page_is_sequential_too(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("\n".join(blocks("data-sets.md", "python")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": SOURCES}, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "".join(blocks("data-sets.md", "text")), done.stderr
