"""Calls of tasks in a run, from both ends: what the program sends is carried out as an executor does it."""

import os
import pathlib
import sys
import threading

import pytest

from colla import UsageError
from colla._futures import Future
from colla._templates import warn_once
from pycompss.api.api import TaskGroup, compss_barrier_group, compss_delete_object, compss_wait_on
from pycompss.api.binary import binary
from pycompss.api.constraint import constraint
from pycompss.api.container import container
from pycompss.api.data_transformation import FILE_TO_OBJECT, dt
from pycompss.api.decaf import decaf
from pycompss.api.implement import implement
from pycompss.api.multinode import multinode
from pycompss.api.on_failure import on_failure
from pycompss.api.parameter import (
    COLLECTION_FILE_IN, COLLECTION_IN, COLLECTION_INOUT, COLLECTION_OUT, COMMUTATIVE, DICTIONARY_IN, DICTIONARY_INOUT, DIRECTORY_OUT, FILE_IN,
    FILE_OUT, FILE_OUT_STDOUT, IN, IN_DELETE, INOUT, OUT, Depth, Type,
)
from pycompss.api.reduction import reduction
from pycompss.api.task import task

CORES = 3


@task(returns=1)
def increment(x):
    return x + 1


@task(returns=2)
def both(x):
    return x, -x


@task(returns=1)
def text_of(*args, **kwargs):
    return repr((args, kwargs))


@task(values=INOUT)
def append(values, value):
    values.append(value)


@task(values=COMMUTATIVE)
def extend(values, more):
    values.extend(more)


@task(c=COLLECTION_IN, returns=1)
def total(c):
    return sum(c)


@task(out=COLLECTION_OUT)
def fill(out):
    for index in range(len(out)):
        out[index] = index * 10


class Account:
    def __init__(self, amount=0):
        self.amount = amount

    @task()
    def add(self, amount):
        self.amount += amount

    @task(returns=1, target_direction=IN)
    def read(self):
        return self.amount

    @classmethod
    @task(returns=1)
    def kind(cls):
        return cls.__name__

    @staticmethod
    @task(returns=1)
    def double(x):
        return 2 * x


@task(returns=Account)
def opened(amount):
    return Account(amount)


def sent(running, kind):
    """The frames of a kind that have been sent until now."""
    running.barrier()
    return running.gateway.seen(kind)


def accesses(running, number=-1):
    """The data and directions of a call that was sent."""
    return sent(running, 4)[number][2]


def test_results_are_futures(running):
    future = increment(1)
    assert type(future) is Future and compss_wait_on(future) == 2
    first, second = both(3)
    assert compss_wait_on([first, second]) == [3, -3]
    assert compss_wait_on(increment(increment(future))) == 4
    assert append([], 1) is None


def test_arguments_of_all_kinds(running):
    assert compss_wait_on(text_of(1, "a", None, [2.5], x={"k": (1,)}, y=True)) == "((1, 'a', None, [2.5]), {'x': {'k': (1,)}, 'y': True})"

    @task(returns=1)
    def defaults(a, b=2, *rest, c=3, **more):
        return a, b, rest, c, more

    assert compss_wait_on(defaults(1)) == (1, 2, (), 3, {})
    assert compss_wait_on(defaults(1, c=increment(8))) == (1, 2, (), 9, {})
    assert compss_wait_on(defaults(1, 5, 6, increment(6), d=increment(9))) == (1, 5, (6, 7), 3, {"d": 10})
    with pytest.raises(TypeError, match=r"defaults\(\) missing 1 required argument: 'a'"):
        defaults()
    with pytest.raises(TypeError, match="unexpected keyword argument 'y'; did you mean 'x'|unexpected keyword argument 'y'"):
        increment(y=1)
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        increment(1, 2)


def test_futures_anywhere_in_arguments(running):
    inside = {"a": [increment(1), (increment(2), {"b": increment(3)})], "o": Account(increment(4))}

    @task(returns=1)
    def gather(what):
        return [what["a"][0], what["a"][1][0], what["a"][1][1]["b"], what["o"].amount]

    assert compss_wait_on(gather(inside)) == [2, 3, 4, 5]
    assert len(accesses(running)) == 5


def test_the_same_datum_is_one_access(running):
    one = increment(1)
    assert compss_wait_on(text_of(one, [one, one])) == "((2, [2, 2]), {})"
    assert len(accesses(running)) == 2  # and the result


def test_an_argument_is_what_it_is_at_the_call(running):
    values = [1]
    first = text_of(values)
    values.append(2)
    assert compss_wait_on(first, text_of(values)) == ["(([1],), {})", "(([1, 2],), {})"]


def test_updated_objects_mean_their_newest_version(running):
    values = [0]
    append(values, 1)
    extend(values, [increment(1)])
    append(values, values_read := text_of(values))
    assert compss_wait_on(values) == [0, 1, 2, "(([0, 1, 2],), {})"]
    assert compss_wait_on(values_read) == "(([0, 1, 2],), {})"
    assert values == [0]


def test_an_updated_object_within_another_is_seen(running):
    inner, outer = Account(1), Account()
    outer.part = [inner]
    inner.add(5)
    append(listed := [], 1)

    @task(returns=1)
    def look(account, others):
        return account.part[0].amount, others

    assert compss_wait_on(look(outer, {"x": listed})) == (6, {"x": [1]})


def test_an_updated_object_may_hold_futures(running):
    values = [increment(1), {"a": increment(2)}]
    append(values, increment(3))
    append(values, 5)
    assert compss_wait_on(values) == [2, {"a": 3}, 4, 5]

    account = Account([increment(1)])
    account.add([7])
    assert compss_wait_on(account).amount == [2, 7]


def test_an_output_is_not_sent(running):
    @task(made=OUT)
    def make(made):
        made[:] = 7

    numpy = pytest.importorskip("numpy")
    array = numpy.ones(100_000)
    before = len(sent(running, 5))
    make(array)
    assert len(sent(running, 5)) == before, "nothing was put"
    assert compss_wait_on(array).tolist() == [7.0] * 100_000
    assert accesses(running)[0][1] == 1


def test_large_arguments_become_data_and_are_reused(running):
    numpy = pytest.importorskip("numpy")
    big = numpy.zeros(100_000)

    @task(returns=1)
    def look(array, factor):
        return float(array[0]) * factor

    assert compss_wait_on([look(big, 1), look(big, 2)]) == [0, 0]
    first, second = (seen[2][0][0] for seen in sent(running, 4)[-2:])
    assert first == second
    big[0] = 5
    assert compss_wait_on(look(big, 2)) == 10

    class Holder:
        def __init__(self, array):
            self.array = array

    @task(returns=1)
    def within(holder):
        return float(holder.array[0])

    assert compss_wait_on(within(Holder(big))) == 5
    assert len(accesses(running)) == 2


def test_collections(running):
    assert compss_wait_on(total([1, increment(1), increment(2)])) == 6

    @task(c={Type: COLLECTION_IN, Depth: 2}, returns=1)
    def total_of_rows(c):
        return [sum(row) for row in c]

    assert compss_wait_on(total_of_rows([[1, increment(1)], (increment(2), 4), increment_list(2)])) == [3, 7, 5]

    numpy = pytest.importorskip("numpy")
    array = numpy.ones(2)
    assert compss_wait_on(total_of_rows([[array, array], [array]]))[0].tolist() == [2, 2], "what is no list is an element, at any depth"
    append(row := [1], 2)
    assert compss_wait_on(total(row)) == 3

    out = [object(), object(), None]
    fill(out)
    assert compss_wait_on(out) == [0, 10, 20]
    assert compss_wait_on(total(out)) == 30

    @task(c={Type: COLLECTION_INOUT, Depth: 2})
    def raise_all(c):
        for row in c:
            for account in row:
                account.amount += 1

    accounts = [[Account(1)], [Account(2), opened(3)]]
    raise_all(accounts)
    raise_all(accounts)
    assert [[each.amount for each in row] for row in compss_wait_on(accounts)] == [[3], [4, 5]]


@task(returns=1)
def increment_list(x):
    return [x, x + 1]


def test_a_collection_that_a_task_makes(running):
    assert compss_wait_on(total(increment_list(1))) == 3


def test_a_collection_must_be_one(running):
    with pytest.raises(UsageError, match="argument c of total is a collection, so it must be a list or a dictionary; it is a int"):
        total(3)

    @task(c=COLLECTION_INOUT)
    def shrink(c):
        c.clear()

    lost = [[1], [2]]
    shrink(lost)
    with pytest.raises(UsageError, match=r"shrink took element \[0\] out of a collection"):
        compss_wait_on(lost)


def test_dictionaries(running):
    @task(d=DICTIONARY_IN, returns=1)
    def total_of(d):
        return sum(d.values())

    @task(d=DICTIONARY_INOUT)
    def double(d):
        for key in d:
            d[key] = [2 * each for each in d[key]]

    assert compss_wait_on(total_of({"a": 1, "b": increment(1)})) == 3
    values = {"a": [1], "b": [2]}
    double(values)
    assert compss_wait_on(values) == {"a": [2], "b": [4]}


def test_methods(running):
    account = Account(1)
    account.add(2)
    account.add(increment(3))
    assert compss_wait_on(account.read()) == 7
    assert compss_wait_on(account).amount == 7 and account.amount == 1
    assert compss_wait_on(Account.kind(), Account.double(4), account.double(5)) == ["Account", 8, 10]


def test_methods_of_results(running):
    account = opened(10)
    account.add(5)
    assert compss_wait_on(account.read()) == 15
    with pytest.raises(AttributeError, match="compss_wait_on"):
        account.amount


def test_files(running, tmp_path):
    @task(path=FILE_OUT)
    def write(path, text):
        pathlib.Path(path).write_text(text)

    @task(path=FILE_IN, returns=1)
    def read(path):
        return type(path).__name__, pathlib.Path(path).read_text()

    @task(paths=COLLECTION_FILE_IN, returns=1)
    def read_all(paths):
        return [pathlib.Path(path).read_text() for path in paths]

    @task(folder=DIRECTORY_OUT)
    def make(folder):
        os.mkdir(folder)

    path = tmp_path / "a.txt"
    write(str(path), "content")
    name, text = compss_wait_on(read(str(path)))
    assert (name, text) == ("str", "content")
    assert compss_wait_on(read(path))[0] == type(path).__name__
    assert compss_wait_on(read_all([str(path), path])) == ["content"] * 2
    make(tmp_path / "folder")
    running.barrier()
    assert (tmp_path / "folder").is_dir()
    with pytest.raises(UsageError, match="argument path of .*read is a file, so it must be a path; it is a future .*wait for it with compss_wait_on"):
        read(increment(1))
    with pytest.raises(UsageError, match="must be a path; it is a int"):
        read(3)
    with pytest.raises(UsageError, match="argument path of .*read is the file 'none.txt', which does not exist"):
        read("none.txt")


def test_a_taken_argument_is_deleted(running):
    @task(x=IN_DELETE, returns=1)
    def take(x):
        return x

    assert compss_wait_on(take(increment(1)), take([1])) == [2, [1]]
    assert 5 in {mode for seen in sent(running, 4) for _, mode in seen[2]}


def test_numbers_of_results(running):
    @task(returns="n")
    def by_parameter(n):
        return list(range(n))

    @task(returns="CORES")
    def by_global():
        return "abc", 1, 2

    @task()
    def inferred(x):
        return x, x

    assert compss_wait_on(by_parameter(4)) == [0, 1, 2, 3]
    assert compss_wait_on(by_global()) == ["abc", 1, 2]
    assert compss_wait_on(inferred(1)) == [1, 1]

    @task(returns=2)
    def three(x):
        return 1, 2, x

    @task(returns=2)
    def one(x):
        return x

    first, _ = three(3)
    with pytest.raises(UsageError, match="task .*three was to return 2 values, as its decorator says, but returned 3"):
        compss_wait_on(first)
    first, _ = one("ab")
    with pytest.raises(UsageError, match="returned one value, of type str"):
        compss_wait_on(first)

    @task(returns=1)
    def generated(x):
        yield from range(x)

    assert compss_wait_on(generated(3)) == [0, 1, 2]


def test_what_cannot_be_pickled_is_named_at_the_call(running):
    with pytest.raises(UsageError, match=r"argument x of increment: it\['lock'\] is a _thread.lock") as raised:
        increment({"lock": threading.Lock()})
    assert len(raised.traceback) == 2  # the call's line, and the task

    lock = threading.Lock()

    @task(returns=1)
    def holds(x):
        return lock

    with pytest.raises(UsageError, match="holds cannot be sent to the nodes: .*variable lock.* is a _thread.lock"):
        holds(1)


def test_a_failure_is_raised_where_the_value_is_waited_for(running):
    @task(returns=1)
    def fails(x):
        raise KeyError(x)

    with pytest.raises(KeyError, match="7"):
        compss_wait_on(increment(fails(7)))


def test_an_ignored_failure_leaves_defaults(running, tmp_path):
    @on_failure(management="IGNORE", returns=-1, values=["default"])
    @task(returns=1, values=INOUT)
    def fails(values):
        values.append(1)
        raise ValueError

    @on_failure(management="IGNORE", returns=5)
    @task(returns=1)
    def works(x):
        return x

    values = []
    assert compss_wait_on(fails(values)) == -1 and compss_wait_on(values) == ["default"]
    assert compss_wait_on(works(1)) == 1
    datum, mode = accesses(running)[-1]
    assert mode == 2 and datum in {seen[0] for seen in sent(running, 5)}, "the default is what was there before"


def template(running):
    return list(running.gateway.templates.values())[-1]


def test_constraints(running, monkeypatch):
    monkeypatch.setenv("UNITS", "2")

    @constraint(computing_units="${UNITS}", memory_size="1.5", processor_architecture="x86")
    @task(returns=1, priority=True, time_out=7, on_failure="CANCEL_SUCCESSORS")
    def f(x):
        return x

    with pytest.warns(RuntimeWarning, match="processor_architecture is not checked"):
        compss_wait_on(f(1))
    described = template(running)
    assert described["implementations"][0]["cores"] == 2 and described["implementations"][0]["memory"] == 3 << 29
    assert described["priority"] == 1 and described["timeout"] == 7 and described["on_failure"] == "CANCEL_SUCCESSORS"

    @constraint(processors=[{"processorType": "CPU", "computingUnits": 3}, {"processorType": "GPU", "computingUnits": "1"}])
    @task(returns=1)
    def on_gpu(x):
        return x

    compss_wait_on(on_gpu(1))
    assert template(running)["implementations"][0] == {"kind": "python", "function": 1, "cores": 3, "resources": {"gpu": 1}}


def test_dynamic_constraints(running):
    @constraint(computing_units="cores")
    @task(returns=1)
    def by_parameter(cores=1):
        return cores

    @constraint(computing_units="CORES")
    @task(returns=1)
    def by_global():
        return 1

    @constraint(computing_units="coers")
    @task(returns=1)
    def misspelt(cores):
        return cores

    assert compss_wait_on(by_parameter(2), by_parameter(), by_parameter(increment(1)), by_global()) == [2, 1, 2, 1]
    assert [each["implementations"][0]["cores"] for each in running.gateway.templates.values() if "by_" in each["name"]] == [2, 1, 3]
    with pytest.raises(UsageError, match="computing_units of .*misspelt is 'coers', which is neither .*did you mean 'cores'"):
        misspelt(1)


def test_a_variable_that_is_not_set(running, monkeypatch):
    monkeypatch.delenv("NOT_SET", raising=False)

    @constraint(computing_units="$NOT_SET")
    @task()
    def f():
        pass

    with pytest.raises(UsageError, match=r"computing_units of .*f is '\$NOT_SET', but the environment has no such variable"):
        f()


def test_implementations(running):
    @task(returns=1)
    def slow(x):
        return x

    @implement(source_class=__name__, method="slow")
    @constraint(computing_units=2)
    @task(returns=1)
    def fast(x):
        return x

    compss_wait_on(slow(1))
    assert [each["cores"] for each in template(running)["implementations"]] == [1, 2]


def test_multinode(running):
    @multinode(computing_nodes="2")
    @task(returns=1)
    def names():
        return os.environ["COMPSS_HOSTNAMES"], os.environ["COMPSS_NUM_NODES"]

    assert compss_wait_on(names()) == ("node1", "1")
    assert template(running)["implementations"][0]["nodes"] == 2


def test_reductions_are_trees(running):
    @reduction(chunk_size="3")
    @task(returns=1, c=COLLECTION_IN)
    def join(c, sign):
        return "(" + sign.join(c) + ")" if len(c) > 1 else c[0]

    assert compss_wait_on(join(list("abcdefg"), "+")) == "((a+b+c)+(d+e+f)+g)"
    assert compss_wait_on(join([increment_text("a")], "+")) == "aa"


@task(returns=1)
def increment_text(x):
    return x + x


def test_transformations_are_tasks(running, tmp_path):
    def load(path):
        return pathlib.Path(path).read_text()

    @dt("text", load, type=FILE_TO_OBJECT)
    @task(returns=1)
    def length(text):
        return len(text)

    (tmp_path / "a").write_text("abc")
    assert compss_wait_on(length(str(tmp_path / "a"))) == 3
    assert [name.rpartition(".")[2] for name in running.gateway.calls] == ["load", "length"]


def test_programs(running, tmp_path):
    @binary(binary="tool", args="-n {{n}} {{items}} {{source}}", working_dir="/data")
    @task(returns=int, source=FILE_IN, out=FILE_OUT_STDOUT)
    def tool(n, items, source, out):
        pass

    (tmp_path / "in").write_text("")
    tool(increment(1), ["a", "b c"], str(tmp_path / "in"), str(tmp_path / "out"))
    described = template(running)["implementations"][0]
    assert described["program"] == "tool"
    assert described["arguments"] == ["-n", "{{n}}", "{{items.0}}", "{{items.1}}", "{{source}}"]
    assert described["parameters"] == ["n", "items.0", "items.1", "source", "out"]
    assert described["stdout"] == "{{out}}" and described["working_dir"] == "/data" and described["fail_by_exit_value"] is True
    assert [mode for _, mode in sent(running, 15)[0][2]] == [0, 0, 1, 1]
    with pytest.raises(UsageError, match="argument source of .*tool is a file, so it must be a path"):
        tool(1, [], 5, "x")


def test_what_cannot_run(running):
    @decaf(df_script="flow.py")
    @task()
    def flow():
        pass

    with pytest.raises(UsageError, match="flow is an @decaf task, which Colla does not run; start its programs together by @mpmd_mpi"):
        flow()


def test_groups(running):
    with TaskGroup("outer"):
        increment(1)
        with TaskGroup("inner", implicit_barrier=False):
            increment(2)
        increment(3)
    increment(4)
    assert [group for _, group in running.gateway.seen(9)] == [1, 0]
    assert [seen[1] for seen in sent(running, 4)] == [0, 1, 0, -1]
    with TaskGroup("outer", implicit_barrier=False):
        increment(5)
    assert sent(running, 4)[-1][1] == 0, "a name that is used again continues the group"
    with pytest.raises(UsageError, match="no task group 'otuer'; did you mean 'outer'"):
        compss_barrier_group("otuer")


def test_a_deleted_future(running):
    future = increment(1)
    assert compss_delete_object(future)
    with pytest.raises(UsageError, match="deleted"):
        increment(future)


def test_waiting_keeps_containers(running):
    plain = [1, {"a": (2,)}]
    assert compss_wait_on(plain) is plain
    mixed = {"a": [increment(1), plain], "b": (increment(2), 3)}
    assert compss_wait_on(mixed) == {"a": [2, plain], "b": (3, 3)}
    loop = [increment(1)]
    loop.append(loop)
    assert compss_wait_on(loop)[0] == 2


def test_warnings_come_once():
    with pytest.warns(RuntimeWarning, match="only once"):
        warn_once("only once")
    warn_once("only once")


def test_functions_in_containers(running, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    engine = tmp_path / "bin/podman"
    engine.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/command\nwhile [ "$1" != the/image ]; do shift; done; shift; exec "$@"\n')
    engine.chmod(0o700)
    (tmp_path / "bin/python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")

    @container(engine="PODMAN", image="the/image", options="--network=none")
    @task(returns=1, values=INOUT)
    def collect(values, x):
        values.append(x)
        return os.getpid()

    @container(engine="PODMAN", image="the/image")
    @task(returns=1)
    def fails(x):
        raise KeyError(x)

    values = []
    assert compss_wait_on(collect(values, increment(1))) != os.getpid()
    assert compss_wait_on(values) == [2]
    assert "--network=none the/image env PYTHONPATH=" in (tmp_path / "command").read_text()
    with pytest.raises(KeyError, match="5"):
        compss_wait_on(fails(5))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="container image the/image, but neither podman nor docker is installed"):
        compss_wait_on(fails(5))


def test_a_function_that_takes_several_nodes_is_told_them_whatever_it_is_passed(running, monkeypatch):
    monkeypatch.delenv("COMPSS_NUM_NODES", raising=False)

    @multinode(computing_nodes=1)
    @task(returns=1)
    def told(x):
        return os.environ["COMPSS_NUM_NODES"]

    assert compss_wait_on(told(increment(1))) == "1"
