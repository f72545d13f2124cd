"""The programs of docs/guide/python.md print what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import ROOT, sequentially, with_colla

PAGE = (ROOT / "docs/guide/python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n+```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_program_of_the_page_is_shown_with_its_output() -> None:
    assert len(EXAMPLES) == PAGE.count("```python\n") > 2


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_a_program_of_the_page(number: int, tmp_path: Path) -> None:
    text, printed = EXAMPLES[number]
    script = tmp_path / "program.py"
    script.write_text(text, encoding="utf-8")
    for run in (with_colla, sequentially):
        ended = run(script, folder=tmp_path)
        assert ended.code == 0 and ended.out == printed, ended
