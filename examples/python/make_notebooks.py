"""Makes a notebook of each example: its `# %%` parts become cells, between those that start and stop Colla.

    python3 make_notebooks.py          # writes notebooks/*.ipynb
    python3 make_notebooks.py --check  # exit code 1 if one of them is not what its script says
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ARGUMENTS = {
    "matmul": ["--size", "512", "--block", "128"],
    "cholesky": ["--size", "512", "--block", "128"],
    "kmeans": [],
    "wordcount": [],
    "genomics": ["--limit", "300"],
}
START = "import pycompss.interactive as ipycompss\n\nipycompss.start()"
STOP = "ipycompss.stop()"


def cell(kind: str, text: str, number: int) -> dict:
    made = {"cell_type": kind, "id": f"cell{number}", "metadata": {}, "source": text.strip().splitlines(keepends=True)}
    return {**made, "execution_count": None, "outputs": []} if kind == "code" else made


def parts(script: str) -> list[tuple[str, str]]:
    """(kind, text) of what follows each `# %%` line."""
    found = []
    for part in re.split(r"^# %%", script, flags=re.MULTILINE)[1:]:
        first, _, body = part.partition("\n")
        if "[markdown]" in first:
            found.append(("markdown", "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())))
        elif "__main__" not in body and body.strip():
            found.append(("code", body))
    return found


def notebook(name: str) -> str:
    script = (HERE / f"{name}.py").read_text()
    title, _, _ = (ast.get_docstring(ast.parse(script)) or name).partition("\n")
    cells = [
        ("markdown", f"# {title}"),
        ("code", START),
        *parts(script),
        ("code", f"assert main({json.dumps(ARGUMENTS[name])}) == 0"),
        ("code", STOP),
    ]
    content = {
        "cells": [cell(kind, text, number) for number, (kind, text) in enumerate(cells)],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    stale = []
    for name in ARGUMENTS:
        path, content = HERE / "notebooks" / f"{name}.ipynb", notebook(name)
        if arguments == ["--check"]:
            if not path.exists() or path.read_text() != content:
                stale.append(str(path))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
    for path in stale:
        print(f"{path} is not what its script says; run make_notebooks.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
