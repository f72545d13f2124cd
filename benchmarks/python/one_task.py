"""Starts, runs one task, and stops: what a user waits for at least. usage: one_task.py WAY THREADS"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def increment(number):
    return number + 1


if __name__ == "__main__":
    if sys.argv[1] == "colla":
        from pycompss.api.api import compss_wait_on
        from pycompss.api.task import task

        found = compss_wait_on(task(returns=int)(increment)(1))
    elif sys.argv[1] == "plain":
        found = increment(1)
    else:
        import functions
        from ways import WAYS

        way = WAYS[sys.argv[1]](int(sys.argv[2]))
        try:
            [found] = way.values([way.call(functions.increment, 1)])
        finally:
            way.close()
    sys.exit(0 if found == 2 else 1)
