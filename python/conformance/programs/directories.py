"""Directories as parameters: IN, OUT, INOUT, and what a later task sees of them."""
import os
import pathlib

from pycompss.api.api import compss_wait_on, compss_wait_on_directory
from pycompss.api.parameter import DIRECTORY, DIRECTORY_IN, DIRECTORY_INOUT, DIRECTORY_OUT
from pycompss.api.task import task


@task(folder=DIRECTORY_OUT)
def create(folder, names):
    os.makedirs(folder, exist_ok=True)
    for name in names:
        pathlib.Path(folder, name).write_text(name)


@task(folder=DIRECTORY_INOUT)
def add(folder, name):
    os.makedirs(os.path.join(folder, "deep"), exist_ok=True)
    pathlib.Path(folder, "deep", name).write_text(name * 2)


def contents(folder):
    return sorted((str(path.relative_to(folder)), path.read_text()) for path in pathlib.Path(folder).rglob("*") if path.is_file())


@task(folder=DIRECTORY_IN, returns=list)
def show(folder):
    return contents(folder)


@task(folder=DIRECTORY, returns=int)
def number_of_files(folder):
    return sum(len(files) for _, _, files in os.walk(folder))


@task(source=DIRECTORY_IN, target=DIRECTORY_OUT)
def copy_upper(source, target):
    os.makedirs(target, exist_ok=True)
    for name, text in contents(source):
        pathlib.Path(target, name.replace("/", "_")).write_text(text.upper())


create("data", ["a", "b"])
first = show("data")
add("data", "c")
print(compss_wait_on(first))
print(compss_wait_on(show("data")), compss_wait_on(number_of_files("data")))
copy_upper("data", "copy")
compss_wait_on_directory("copy")
print(contents("copy"))

os.makedirs("mine")
pathlib.Path("mine", "x").write_text("x")
add("mine", "y")
compss_wait_on_directory("mine")
print(contents("mine"))
