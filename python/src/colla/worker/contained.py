"""A task's function in a container: ``python3 -m colla.worker.contained CALL ANSWER``, with the paths of two pickles.

The call is (function, list of arguments, named arguments); the answer (exception or None, result, arguments as they are then).
"""

from __future__ import annotations

import pickle
import sys
import traceback

from .. import _objects

__all__ = ["main"]


def main(call: str, answer: str) -> int:
    """Carries out the call; the exit code says whether the function returned."""
    with open(call, "rb") as file:
        function, args, kwargs = pickle.load(file)
    error: BaseException | None = None
    result = None
    try:
        result = function(*args, **kwargs)
    except Exception as raised:  # whatever the function raises is for the program
        traceback.print_exc()
        error = raised
    with open(answer, "wb") as file:
        file.write(_objects.dumps((error, result, args, kwargs)))
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
