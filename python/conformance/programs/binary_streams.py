"""Streams of programs: STDIN, STDOUT and STDERR, in short and in long form; appended output; pipelines through files."""
import pathlib

from pycompss.api.api import compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.parameter import (FILE_IN, FILE_IN_STDIN, FILE_INOUT, FILE_INOUT_STDOUT, FILE_OUT, FILE_OUT_STDERR, FILE_OUT_STDOUT, STDERR,
                                    STDIN, STDOUT, StdIOStream, Type)
from pycompss.api.task import task

HERE = pathlib.Path.cwd()
BOTH = HERE / "both.sh"
BOTH.write_text('#!/bin/sh\necho "out $1"\necho "err $1" >&2\n')
BOTH.chmod(0o755)


@binary(binary="grep", working_dir=".")
@task(infile={Type: FILE_IN_STDIN}, result={Type: FILE_OUT_STDOUT})
def grep(keyword, infile, result):
    pass


@binary(binary="grep", args="-c {{keyword}}")
@task(infile={Type: FILE_IN, StdIOStream: STDIN}, result={Type: FILE_OUT, StdIOStream: STDOUT})
def count(keyword, infile, result):
    pass


@binary(binary=str(BOTH))
@task(out=FILE_OUT_STDOUT, err=FILE_OUT_STDERR)
def both(word, out, err):
    pass


@binary(binary=str(BOTH))
@task(out={Type: FILE_INOUT, StdIOStream: STDOUT}, err={Type: FILE_OUT, StdIOStream: STDERR})
def appended(word, out, err):
    pass


@binary(binary="echo")
@task(out=FILE_INOUT_STDOUT)
def echo(word, out):
    pass


def show(path):
    compss_wait_on_file(path)
    print(path, pathlib.Path(path).read_text().split("\n"))


pathlib.Path("infile.txt").write_text("Hi there\nbye\nHi again\n")
grep("Hi", "infile.txt", "found.txt")
count("Hi", "found.txt", "count.txt")
show("found.txt")
show("count.txt")
both("one", "out.txt", "err.txt")
show("out.txt")
show("err.txt")
appended("two", "out.txt", "err2.txt")
echo("three", "out.txt")
show("out.txt")
show("err2.txt")
