"""@software: what a task is comes from a JSON file: a program, with constraints, parameters, prolog and epilog; a Python task."""
import json
import os
import pathlib

from pycompss.api.api import compss_wait_on, compss_wait_on_file
from pycompss.api.software import software
from pycompss.api.task import task


def write(name, what):
    pathlib.Path(name).write_text(json.dumps(what))
    return name


write("grep.json", {"execution": {"type": "binary", "binary": "grep", "args": "-c {{word}} {{text}}", "fail_by_exit_value": False},
                    "parameters": {"text": "FILE_IN", "out": "FILE_OUT_STDOUT", "returns": 1}, "constraints": {"computing_units": 1}})
write("fold.json", {"execution": {"type": "binary", "binary": "ls", "working_dir": "{{folder}}"},
                    "prolog": {"binary": "mkdir", "args": "-p {{folder}}/made"}, "epilog": {"binary": "touch", "args": "{{folder}}/epilog"},
                    "parameters": {"out": "FILE_OUT_STDOUT"}})
write("task.json", {"execution": {"type": "task"}, "parameters": {"returns": 1}, "constraints": {"computing_units": "1"}})


@software(config_file="grep.json")
def grep(word, text, out):
    pass


@software(config_file="task.json")
def add(a, b):
    return a + b


pathlib.Path("text.txt").write_text("one\ntwo one\nthree\n")
code = grep("one", "text.txt", "count.txt")
compss_wait_on_file("count.txt")
print(pathlib.Path("count.txt").read_text().strip(), compss_wait_on(code))
print(compss_wait_on(add(add(1, 2), 3)))
