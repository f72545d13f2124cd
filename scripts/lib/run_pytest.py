"""Runs pytest with a deadline, a failed test once more, and prints "<passed> <failed> <skipped>" at the end.

usage: run_pytest.py REPORTS NAME SECONDS PYTEST-ARGUMENT...

A test that passes when it is run again is named as flaky and counts as passed: it is a bug to be found, but not in this change.
"""

from __future__ import annotations

import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path


def outcomes(report: Path) -> dict[str, str]:
    """Test to "passed", "failed" or "skipped"."""
    found = {}
    for case in xml.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        bad = case.find("failure") is not None or case.find("error") is not None
        skipped = case.find("skipped") is not None
        # A test and its fixtures may both be reported.
        found[name] = "failed" if bad or found.get(name) == "failed" else "skipped" if skipped else "passed"
    return found


def run(reports: Path, name: str, deadline: float, arguments: list[str]) -> tuple[int, dict[str, str]]:
    report = reports / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", f"--junitxml={report}", "-o", f"cache_dir={reports}/cache-{name.split('-again')[0]}"]
    try:
        code = subprocess.run([*command, *arguments], stdout=sys.stderr, timeout=max(deadline - time.monotonic(), 10)).returncode
    except subprocess.TimeoutExpired:
        code = 124
    return code, outcomes(report) if report.exists() else {}


def main(reports: Path, name: str, seconds: float, arguments: list[str]) -> None:
    reports.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    code, results = run(reports, name, deadline, arguments)
    failed = [test for test, outcome in results.items() if outcome == "failed"]
    if failed and code == 1:
        again_code, again = run(reports, f"{name}-again", deadline, [*arguments, "--last-failed", "--last-failed-no-failures=none"])
        for test in failed:
            if again.get(test) == "passed" and again_code in (0, 1):
                results[test] = "passed"
                print(f"FLAKY   {test}: passed when run again", file=sys.stderr)
    counts = {kind: sum(outcome == kind for outcome in results.values()) for kind in ("passed", "failed", "skipped")}
    for test, outcome in results.items():
        if outcome == "failed":
            print(f"FAILED  {test}", file=sys.stderr)
    if code not in (0, 1, 5):  # 5: no test was selected
        print(f"FAILED  {name}: pytest ended with code {code} (124: not done after {seconds:.0f} s)", file=sys.stderr)
        counts["failed"] += 1
    print(counts["passed"], counts["failed"], counts["skipped"])


main(Path(sys.argv[1]).resolve(), sys.argv[2], float(sys.argv[3]), sys.argv[4:])
