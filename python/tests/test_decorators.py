"""Decorators and calls without a run: a sequential program; and what is said of mistakes, where they are."""

import json
import subprocess
import sys

import pytest

from colla import UsageError
from colla._tasks import TaskFunction
from pycompss.api.api import TaskGroup, compss_barrier, compss_delete_file, compss_file_exists, compss_open, compss_wait_on, compss_wait_on_file
from pycompss.api.binary import binary
from pycompss.api.constraint import constraint
from pycompss.api.container import container
from pycompss.api.data_transformation import FILE_TO_OBJECT, OBJECT_TO_FILE, dt
from pycompss.api.epilog import epilog
from pycompss.api.exceptions import COMPSsException
from pycompss.api.IO import IO
from pycompss.api.local import local
from pycompss.api.mpi import mpi
from pycompss.api.on_failure import on_failure
from pycompss.api.opencl import opencl
from pycompss.api.parameter import (
    COLLECTION_IN, FILE_IN, FILE_IN_STDIN, FILE_INOUT_STDOUT, FILE_OUT, FILE_OUT_STDERR, FILE_OUT_STDOUT, IN, INOUT, STDOUT, Depth, Direction,
    Prefix, StdIOStream, Type,
)
from pycompss.api.prolog import prolog
from pycompss.api.reduction import reduction
from pycompss.api.software import software
from pycompss.api.task import task


class Counter:
    def __init__(self):
        self.value = 0

    @task()
    def add(self, amount):
        self.value += amount

    @task(returns=1)
    @classmethod
    def name(cls):
        return cls.__name__

    @classmethod
    @task(returns=1)
    def other_name(cls):
        return cls.__name__

    @staticmethod
    @task(returns=1)
    def twice(x):
        return 2 * x


@task(returns=1)
def increment(x):
    """Adds one."""
    return x + 1


def test_a_task_is_the_function_it_was():
    assert increment(1) == 2
    assert increment.__name__ == "increment" and increment.__doc__ == "Adds one." and increment.__module__ == __name__


def test_bare_decorator():
    @task
    def square(x):
        return x * x

    assert square(3) == 9


def test_methods_of_all_kinds():
    counter = Counter()
    counter.add(2)
    counter.add(amount=3)
    assert counter.value == 5
    assert Counter.name() == Counter.other_name() == counter.name() == "Counter"
    assert Counter.twice(4) == counter.twice(4) == 8


def test_decorators_stack_in_any_order():
    @task(returns=1)
    @constraint(computing_units=2)
    def below(x):
        return x

    @constraint(computing_units=2)
    @task(returns=1)
    def above(x):
        return x

    assert below.definition.constraints == above.definition.constraints == {"computing_units": 2}
    assert below(1) == above(1) == 1


def test_a_decorator_makes_a_new_task():
    more = constraint(computing_units=4)(increment)
    assert isinstance(more, TaskFunction) and more.definition.constraints and not increment.definition.constraints


def test_older_spellings():
    @constraint(computingUnits=1)
    @task(targetDirection=IN, timeOut=5, isReplicated=True, onFailure="FAIL", varargsType=IN)
    def f(*values):
        return values

    assert f.definition.time_out == 5 and f.definition.on_failure.management == "FAIL"
    assert f(1, 2) == (1, 2)


@pytest.mark.parametrize(
    "keywords, said",
    [
        ({"valeu": INOUT}, "'valeu', but .*f has no such parameter; did you mean 'value'"),
        ({"retuns": 1}, "did you mean 'returns'"),
        ({"value": 3}, "parameter 'value' is described by 3"),
        ({"value": {"typ": IN}}, "'typ' says nothing about parameter 'value'"),
        ({"value": {Type: 3}}, "Type of parameter 'value' is 3"),
        ({"value": {Depth: 0}}, "Depth of parameter 'value' is 0"),
        ({"value": {StdIOStream: "x"}}, "StdIOStream of parameter 'value'"),
        ({"value": {Direction: "x"}}, "Direction of parameter 'value'"),
        ({"on_failure": "MAYBE"}, "on_failure is 'MAYBE'; give RETRY, FAIL, IGNORE or CANCEL_SUCCESSORS"),
    ],
)
def test_a_mistake_in_task_is_said_where_the_function_is_defined(keywords, said):
    with pytest.raises(UsageError, match=said):

        @task(**keywords)
        def f(value):
            return value


def test_mistakes_in_other_decorators():
    with pytest.raises(UsageError, match="@constraint has no keyword 'computing_unit'; did you mean 'computing_units'"):
        constraint(computing_unit=1)
    with pytest.raises(UsageError, match="@binary needs the keyword 'binary'"):
        binary(args="x")
    with pytest.raises(UsageError, match="@on_failure needs the keyword 'management'"):
        on_failure(returns=1)
    with pytest.raises(UsageError, match="engine of @container is 'LXC'"):
        container(engine="LXC", image="x")
    with pytest.raises(UsageError, match="put it on a function"):
        constraint(computing_units=1)(Counter)


def test_an_ignored_failure_leaves_its_default():
    @on_failure(management="IGNORE", returns=-1)
    @task(returns=1)
    def fails():
        raise ValueError("no")

    assert fails() == -1


def test_other_failures_are_raised():
    @task(returns=1, on_failure="FAIL")
    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fails()
    with pytest.raises(COMPSsException, match="enough"), TaskGroup("g"):
        raise COMPSsException("enough")


def test_calls_of_the_interface(tmp_path):
    path = tmp_path / "a.txt"
    with compss_open(str(path), "w") as file:
        file.write("x")
    assert compss_wait_on_file(str(path)) == str(path)
    assert compss_file_exists(str(path), str(tmp_path / "none")) == [True, False]
    assert compss_delete_file(str(path)) is True and not path.exists()
    assert compss_delete_file(str(path)) is False
    assert compss_wait_on(1) == 1 and compss_wait_on(1, [2]) == [1, [2]]
    compss_barrier()


# Programs


def test_a_program_gets_its_arguments_as_they_are(tmp_path):
    @binary(binary="printf", args="'%s|' {{text}} 'two words' {{ number }} {{items}}")
    @task(returns=int, out=FILE_OUT_STDOUT)
    def show(text, number, items, out):
        pass

    out = tmp_path / "out.txt"
    assert show("a b; echo $HOME", 3, [1, [2, "x y"]], str(out)) == 0
    assert out.read_text() == "a b; echo $HOME|two words|3|1|2|x y|"


def test_without_args_the_parameters_are_the_arguments(tmp_path):
    @binary(binary="printf")
    @task(out={Type: FILE_OUT, StdIOStream: STDOUT}, name={Prefix: "--name="}, file={Type: FILE_IN, Prefix: "@"})
    def show(pattern, name, file, out, *rest):
        pass

    out = tmp_path / "out.txt"
    show("%s\n", "x", tmp_path / "in", out, "more")
    assert out.read_text() == f"--name=x\n@{tmp_path}/in\nmore\n"


def test_streams_of_a_program(tmp_path):
    @binary(binary="sh", args="-c 'cat; echo error >&2'")
    @task(given=FILE_IN_STDIN, out=FILE_INOUT_STDOUT, error=FILE_OUT_STDERR)
    def cat(given, out, error):
        pass

    (tmp_path / "in").write_text("content\n")
    (tmp_path / "out").write_text("before\n")
    cat(str(tmp_path / "in"), str(tmp_path / "out"), str(tmp_path / "error"))
    assert (tmp_path / "out").read_text() == "before\ncontent\n"
    assert (tmp_path / "error").read_text() == "error\n"


def test_exit_codes():
    @binary(binary="sh", args="-c 'exit {{code}}'")
    @task(returns=int)
    def strict(code):
        pass

    @binary(binary="sh", args="-c 'exit {{code}}'", fail_by_exit_value="false")
    @task(returns=int)
    def lenient(code):
        pass

    assert lenient(3) == 3 and strict(0) == 0
    with pytest.raises(Exception, match="strict: sh ended with exit code 3"):
        strict(3)


def test_what_a_program_cannot_be_told():
    @binary(binary="echo", args="{{nmae}}")
    @task()
    def misspelt(name):
        pass

    @binary(binary="/nowhere/program")
    @task()
    def missing():
        pass

    with pytest.raises(UsageError, match="{{nmae}}.*did you mean 'name'"):
        misspelt("x")
    with pytest.raises(Exception, match="missing could not run '/nowhere/program'"):
        missing()


def test_steps_before_and_after(tmp_path):
    log = tmp_path / "log"

    @prolog(binary="sh", args=f"-c 'echo before {{{{x}}}} >> {log}'")
    @epilog(binary="sh", args=f"-c 'echo after >> {log}; exit 3'")
    @task(returns=1)
    def work(x):
        with open(log, "a") as file:
            file.write(f"work {x}\n")
        return x

    assert work(7) == 7
    assert log.read_text() == "before 7\nwork 7\nafter\n"


def test_mpi_programs_are_started_by_their_runner(tmp_path):
    runner = tmp_path / "runner"
    runner.write_text('#!/bin/sh\nprintf "%s " "$@"\n')
    runner.chmod(0o700)

    @mpi(runner=str(runner), binary="prog", processes=2, args="{{x}}")
    @task(out=FILE_OUT_STDOUT)
    def parallel(x, out):
        pass

    @mpi(runner="mpirun", processes=2)
    @task(returns=1)
    def function(x):
        return x

    @opencl(kernel="k.cl")
    @task()
    def device():
        pass

    parallel(5, str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "-n 2 prog 5 "
    assert function(3) == 3
    with pytest.raises(UsageError, match="@opencl task"):
        device()


# The rest


def test_data_transformations(tmp_path):
    def load(path):
        return json.loads(open(path).read())

    def save(values, path):
        with open(path, "w") as file:
            json.dump(values, file)

    @dt("values", load, type=FILE_TO_OBJECT)
    @task(returns=1)
    def total(values):
        return sum(values)

    @dt(target="path", function=save, type=OBJECT_TO_FILE, destination=str(tmp_path / "saved"))
    @task(path=FILE_IN, returns=1)
    def length(path):
        return len(open(path).read())

    (tmp_path / "a.json").write_text("[1, 2]")
    assert total(str(tmp_path / "a.json")) == 3
    assert length([1, 2]) == len("[1, 2]")

    @dt("valeus", load)
    @task()
    def misspelt(values):
        pass

    with pytest.raises(UsageError, match="names the parameter 'valeus'.*did you mean 'values'"):
        misspelt(1)


def test_software_is_described_in_a_file(tmp_path):
    described = {
        "execution": {"type": "binary", "binary": "wc", "args": "-c {{source}}"},
        "parameters": {"source": "FILE_IN", "out": "FILE_OUT_STDOUT", "returns": "int"},
        "constraints": {"computing_units": 2},
    }
    (tmp_path / "wc.json").write_text(json.dumps(described))
    (tmp_path / "in").write_text("abc")

    @software(config_file=str(tmp_path / "wc.json"))
    def count(source, out):
        pass

    assert count(str(tmp_path / "in"), str(tmp_path / "out")) == 0
    assert (tmp_path / "out").read_text().split()[0] == "3"
    assert count.definition.constraints == {"computing_units": 2}
    with pytest.raises(UsageError, match="cannot read .*none.json"):
        software(config_file=str(tmp_path / "none.json"))


def test_transparent_decorators():
    @reduction(chunk_size=2)
    @task(returns=1, values=COLLECTION_IN)
    def total(values):
        return sum(values)

    @IO()
    @task(path=FILE_OUT)
    def touch(path):
        open(path, "w").close()

    @local
    def here(x):
        return x

    assert total([1, 2, 3]) == 6 and here(2) == 2
    assert touch.definition.io


def test_names_are_imported_at_first_use():
    late = {"subprocess", "inspect", "cloudpickle", "urllib.request"}
    code = f"import sys, pycompss.api.task, pycompss.api.api; print(sorted({late} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.stdout.strip() == "[]", done
