"""Adds up Surefire's XML reports: prints "<passed> <failed> <skipped>", and names what failed on standard error."""

import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def main(root: Path) -> None:
    total = failed = skipped = 0
    for report in sorted(root.glob("*/target/surefire-reports/TEST-*.xml")):
        for case in xml.parse(report).getroot().iter("testcase"):
            total += 1
            if case.find("skipped") is not None:
                skipped += 1
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                print(f"FAILED  {case.get('classname')}.{case.get('name')}", file=sys.stderr)
            elif case.find("flakyFailure") is not None or case.find("flakyError") is not None:
                print(f"FLAKY   {case.get('classname')}.{case.get('name')}: passed when run again", file=sys.stderr)
    print(total - failed - skipped, failed, skipped)


main(Path(sys.argv[1]))
