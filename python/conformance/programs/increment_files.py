"""The classic first program: a counter in a file that tasks increment."""
# conformance: arguments: 5
import sys

from pycompss.api.api import compss_barrier, compss_open
from pycompss.api.parameter import FILE_INOUT
from pycompss.api.task import task


@task(filename=FILE_INOUT)
def increment(filename):
    with open(filename) as file:
        value = int(file.read())
    with open(filename, "w") as file:
        file.write(str(value + 1))


def main_program():
    initial = int(sys.argv[1])
    for name in ("counter1", "counter2", "counter3"):
        with open(name, "w") as file:
            file.write(str(initial))
    print("initial", initial)
    for turn in range(3):
        increment("counter1")
        increment("counter2")
    increment("counter3")
    compss_barrier()
    for name in ("counter1", "counter2", "counter3"):
        with compss_open(name, "r") as file:
            print(name, file.read())


if __name__ == "__main__":
    main_program()
