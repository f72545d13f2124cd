"""Files as parameters: each direction, chains, None, compss_open, compss_wait_on_file, exists and delete."""
import os
import pathlib

from pycompss.api.api import (compss_barrier, compss_delete_file, compss_file_exists, compss_open, compss_wait_on,
                              compss_wait_on_file)
from pycompss.api.parameter import (FILE, FILE_COMMUTATIVE, FILE_CONCURRENT, FILE_IN, FILE_INOUT, FILE_OUT, Direction, Keep_rename, Type,
                                    INOUT)
from pycompss.api.task import task


@task(path=FILE_OUT)
def write(path, text):
    with open(path, "w") as file:
        file.write(text)


@task(path=FILE_INOUT)
def append(path, text):
    with open(path, "a") as file:
        file.write(text)


@task(path=FILE_IN, returns=str)
def read(path):
    if path is None:
        return "no file"
    with open(path) as file:
        return file.read()


@task(path=FILE, returns=int)
def size(path):
    return os.path.getsize(path)


@task(source=FILE_IN, target=FILE_OUT)
def upper(source, target):
    pathlib.Path(target).write_text(pathlib.Path(source).read_text().upper())


@task(path=FILE_COMMUTATIVE)
def add_line(path, number):
    with open(path, "a") as file:
        file.write(f"{number}\n")


@task(path=FILE_CONCURRENT, returns=int)
def count(path):
    return len(pathlib.Path(path).read_text().split())


@task(path={Type: FILE, Direction: INOUT, Keep_rename: True})
def exclaim(path):
    with open(path, "a") as file:
        file.write("!")


write("first.txt", "one ")
append("first.txt", "two ")
before = read("first.txt")
append("first.txt", "three")
upper("first.txt", "second.txt")
print(compss_wait_on(before))
print(compss_wait_on(size("first.txt")), compss_wait_on(read(os.path.abspath("first.txt"))))
with compss_open("second.txt") as file:
    print(file.read())
with compss_open("second.txt", "a") as file:
    file.write(" AND MORE")
exclaim("second.txt")
print(compss_wait_on(read("second.txt")), "|", compss_wait_on(read(None)))

write("lines.txt", "")
for number in range(8):
    add_line("lines.txt", number)
print([compss_wait_on(count("lines.txt")) for _ in range(3)])
compss_wait_on_file("lines.txt")
print(sorted(pathlib.Path("lines.txt").read_text().split()))

# What was there before the program, and what the program itself changes in between.
pathlib.Path("mine.txt").write_text("mine")
print(compss_wait_on(read("mine.txt")))
compss_wait_on_file("mine.txt")
pathlib.Path("mine.txt").write_text("mine, too")
print(compss_wait_on(read("mine.txt")))

write("folder.d.txt", "x")
compss_barrier()
print(compss_file_exists("folder.d.txt"), compss_file_exists("never.txt"), compss_file_exists("first.txt", "never.txt"))
compss_delete_file("folder.d.txt")
print(compss_file_exists("folder.d.txt"))
write("folder.d.txt", "y")
print(compss_wait_on(read("folder.d.txt")))
compss_wait_on_file("first.txt", "second.txt")
print(sorted(path.name for path in pathlib.Path().glob("*.txt")))
