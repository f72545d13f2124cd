"""Collections of files: IN, OUT, INOUT, depth 2; each file is a datum of its own."""
import pathlib

from pycompss.api.api import compss_open, compss_wait_on, compss_wait_on_file
from pycompss.api.parameter import (COLLECTION_FILE, COLLECTION_FILE_IN, COLLECTION_FILE_INOUT, COLLECTION_FILE_OUT, Depth, FILE_IN, FILE_INOUT,
                                    Type)
from pycompss.api.task import task


@task(paths=COLLECTION_FILE_OUT)
def create(paths, word):
    for index, path in enumerate(paths):
        pathlib.Path(path).write_text(f"{word}{index} ")


@task(paths=COLLECTION_FILE_INOUT)
def sign(paths, name):
    for path in paths:
        with open(path, "a") as file:
            file.write(name)


@task(paths=COLLECTION_FILE_IN, returns=str)
def join(paths):
    return "|".join(pathlib.Path(path).read_text() for path in paths)


@task(paths={Type: COLLECTION_FILE, Depth: 2}, returns=list)
def join_rows(paths):
    return ["+".join(pathlib.Path(path).read_text() for path in row) for row in paths]


@task(path=FILE_INOUT)
def mark(path):
    with open(path, "a") as file:
        file.write("*")


@task(path=FILE_IN, returns=str)
def read(path):
    return pathlib.Path(path).read_text()


names = [f"part{index}" for index in range(4)]
create(names, "w")
mark("part2")
sign(names[:3], "me")
print(compss_wait_on(join(names)))
print(compss_wait_on(read("part2")))
print(compss_wait_on(join_rows([names[:2], names[2:]])))
with compss_open("part3") as file:
    print(file.read())
compss_wait_on_file("part0")
print(pathlib.Path("part0").read_text())
