"""Programs as tasks: arguments in order, templates, prefixes, numbers, spaces, the working folder, files, exit values."""
import os
import pathlib
import sys

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.constraint import constraint
from pycompss.api.parameter import FILE_IN, FILE_OUT, FILE_OUT_STDOUT, Prefix, StdIOStream, STDOUT, Type
from pycompss.api.task import task

HERE = pathlib.Path.cwd()
ECHO = HERE / "echo.sh"
ECHO.write_text('#!/bin/sh\nfor word; do printf "[%s]" "$word"; done\n')
ECHO.chmod(0o755)
EXIT = HERE / "exit.sh"
EXIT.write_text('#!/bin/sh\nexit "$1"\n')
EXIT.chmod(0o755)


@binary(binary=str(ECHO))
@task(out=FILE_OUT_STDOUT)
def in_order(first, second, third, out):
    pass


@binary(binary=str(ECHO), args="--first {{first}} literal {{second}}-{{third}} 'two words'")
@task(out={Type: FILE_OUT, StdIOStream: STDOUT})
def template(first, second, third, out):
    pass


@binary(binary=str(ECHO))
@task(size={Prefix: "--size="}, out=FILE_OUT_STDOUT)
def prefixed(flag, size, out):
    pass


@binary(binary="pwd", working_dir=str(HERE / "work"))
@task(out=FILE_OUT_STDOUT)
def where(out):
    pass


@constraint(computing_units="1")
@binary(binary="cp")
@task(source=FILE_IN, target=FILE_OUT)
def copy(source, target):
    pass


@binary(binary="sort", args="-n {{source}} -o {{target}}")
@task(source=FILE_IN, target=FILE_OUT)
def sort(source, target):
    pass


@binary(binary=str(EXIT), fail_by_exit_value=False)
@task(returns=int)
def exit_value(code):
    pass


@binary(binary="true")
@task(returns=int)
def true():
    pass


@binary(binary="${PROGRAM_OF_TEST}")
@task(returns=int)
def from_environment():
    pass


@task(returns=int)
def increment(x):
    return x + 1


def show(path):
    compss_wait_on_file(path)
    print(pathlib.Path(path).read_text().strip().replace(str(HERE), "HERE"))


in_order("a b", 7, 2.5, "order.txt")
show("order.txt")
in_order("", "$HOME; `date`", "*", "literal.txt")
show("literal.txt")
template("1", "two three", 4, "template.txt")
show("template.txt")
prefixed("-l", "big", "prefix.txt")
show("prefix.txt")
os.makedirs("work")
where("pwd.txt")
show("pwd.txt")
pathlib.Path("numbers.txt").write_text("10\n9\n1\n")
copy("numbers.txt", "copy.txt")
sort("copy.txt", "sorted.txt")
show("sorted.txt")
print(compss_wait_on(exit_value(0)), compss_wait_on(exit_value(3)), compss_wait_on(true()))
in_order(increment(1), increment(10), "x", "future.txt")
show("future.txt")
os.environ["PROGRAM_OF_TEST"] = "true"
print(compss_wait_on(from_environment()))
