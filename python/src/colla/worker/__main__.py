"""``python3 -m colla.worker SOCKET``: see :mod:`colla.worker.zygote`."""

import sys
from importlib.util import find_spec


def _trouble():
    """What this interpreter lacks, as a sentence; None if it will do."""
    if sys.version_info < (3, 9):
        return "Python tasks need Python 3.9 or newer; {} is {}.{}".format(sys.executable, *sys.version_info[:2])
    if find_spec("cloudpickle") is None:
        return "Python tasks need the package cloudpickle, which {0} does not have: {0} -m pip install cloudpickle".format(
            sys.executable
        )
    return None


if __name__ == "__main__":
    trouble = _trouble()
    if trouble is not None:
        print("colla.worker: " + trouble, file=sys.stderr)
        sys.exit(3)
    from colla.worker.zygote import main

    sys.exit(main(sys.argv[1:]))
