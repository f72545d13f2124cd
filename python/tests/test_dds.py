"""The distributed data set: without a run, where tasks are plain calls; and with a gateway that carries out each call."""

import dataclasses
import enum
import operator
import os
import pickle
import random
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction

import pytest

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task
from pycompss.dds import DDS, default_hash


@pytest.fixture(params=["sequential", "running"], autouse=True)
def way(request):
    """How the test's tasks run."""
    if request.param == "running":
        request.getfixturevalue("running")
    return request.param


@pytest.fixture
def in_this_process(way):
    """For tests that look at what their functions leave in this process."""
    if way == "running":
        pytest.skip("functions are copies of those of the test")


def test_a_new_data_set_is_empty():
    assert DDS().partitions == []
    assert DDS().count() == 0
    assert DDS().collect() == []
    assert DDS().sum() == 0


def test_elements_are_cut_into_runs_of_about_equal_length():
    assert DDS().load(range(10), 5).collect(True) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert DDS().load(range(7), 3).collect(True) == [[0, 1, 2], [3, 4], [5, 6]]
    assert DDS().load(iter("abc"), 2).collect(keep_partitions=True) == [["a", "b"], ["c"]]
    assert DDS().load(range(3)).num_of_partitions() == 3
    assert DDS().load({"x": 1}).collect() == ["x"]


def test_given_partitions_are_taken_as_they_are():
    parts = DDS().load(range(6), 3).map(lambda x: x * 2).collect(future_objects=True)
    assert DDS().load(parts, -1).filter(lambda x: x > 2).collect(True) == [[], [4, 6], [8, 10]]


def test_a_wrong_number_of_partitions_is_refused():
    with pytest.raises(ValueError, match="number of partitions, or -1"):
        DDS().load([1], 0)


def test_operations_on_elements():
    dds = DDS().load(range(10))
    assert dds.map(lambda x: x * 2).collect() == list(range(0, 20, 2))
    assert dds.map(lambda x, add, times=1: (x + add) * times, 1, times=3).take(2) == [3, 6]
    assert dds.filter(lambda x: x % 2 == 0).collect() == [0, 2, 4, 6, 8]
    assert DDS().load([2, 3, 4]).flat_map(lambda x: range(1, x)).collect() == [1, 1, 2, 1, 2, 3]
    assert DDS().load([1, 2]).flat_map(lambda x: x).collect() == [1, 2]
    assert DDS().load(["a b", "c"]).map_and_flatten(str.split).collect() == ["a", "b", "c"]
    assert DDS().load(range(10), 5).map_partitions(lambda x: [sum(x)]).collect(True) == [[1], [5], [9], [13], [17]]
    assert DDS().load(range(3), 2).key_by(str).collect() == [("0", 0), ("1", 1), ("2", 2)]
    assert dds.collect() == list(range(10))


def test_a_function_of_partitions_must_return_elements():
    with pytest.raises(TypeError, match="total returned int"):

        def total(part):
            return sum(part)

        DDS().load([1]).map_partitions(total).collect()


def test_operations_on_pairs():
    pairs = DDS().load([("a", 1), ("b", 2)])
    assert pairs.keys().collect() == ["a", "b"]
    assert pairs.values().collect() == [1, 2]
    assert pairs.map_values(lambda v: v + 1).collect() == [("a", 2), ("b", 3)]
    assert pairs.collect_as_dict() == {"a": 1, "b": 2}
    flat = DDS().load([("a", [1, 2]), ("b", [1])])
    assert flat.flatten_by_key(lambda v: v).collect() == [("a", 1), ("a", 2), ("b", 1)]
    assert flat.flat_map_values().collect() == [("a", 1), ("a", 2), ("b", 1)]


def test_results_of_all_elements():
    dds = DDS().load(range(10), 5)
    assert dds.count() == 10
    assert dds.sum() == 45
    assert dds.max() == 9 and dds.min() == 0
    assert dds.max(key=lambda x: -x) == 0
    assert dds.reduce(operator.add) == 45
    assert dds.reduce(operator.add, 100) == 145
    assert dds.reduce(operator.add, 100, arity=2) == 145
    assert dds.fold(0, max) == 9
    assert DDS().load("abcdefgh", 5).reduce(operator.add, "-", arity=3) == "-abcdefgh"
    assert dds.filter(lambda x: x == 7).reduce(operator.add) == 7
    assert dds.filter(lambda x: x > 10).reduce(operator.add, "none") == "none"
    with pytest.raises(TypeError, match="needs an initial value"):
        dds.filter(lambda x: x > 10).reduce(operator.add)


def test_taking_computes_no_more_than_is_likely_to_be_needed(in_this_process):
    seen = []
    dds = DDS().load(range(100), 50).map(lambda x: (seen.append(x), x)[1])
    assert dds.take(3) == [0, 1, 2]
    assert len(seen) < 10
    assert dds.take(1000) == list(range(100))
    assert dds.take(0) == []


def test_foreach_calls_with_each_element(in_this_process):
    seen = []
    assert DDS().load(range(5), 2).foreach(seen.append) is None
    assert seen == list(range(5))


def test_union_keeps_all():
    first, second = DDS().load([0, 1, 2], 2), DDS().load([2, 3, 4], 3).map(str)
    both = first.union(second)
    assert both.num_of_partitions() == 5
    assert both.collect() == [0, 1, 2, "2", "3", "4"]
    assert DDS().union(first, first).count() == 6


def test_distinct():
    data = list(range(10)) + list(range(5))
    assert sorted(DDS().load(data, 5).distinct().collect()) == list(range(10))
    assert DDS().load(data, 5).distinct().num_of_partitions() == 5
    assert DDS().load([1, 1, 1], 1).distinct().collect() == [1]
    assert DDS().load([1, True, 1.0, Fraction(1)], 4).distinct().count() == 1


def test_counting_values():
    first, second = DDS().load([0, 1, 2], 2), DDS().load([2, 3, 4], 3)
    counts = {0: 1, 1: 1, 2: 2, 3: 1, 4: 1}
    assert first.union(second).count_by_value(as_dict=True) == counts
    assert first.union(second).count_by_value(True) == counts
    assert compss_wait_on(first.union(second).count_by_value(arity=3, as_fo=True)) == counts
    pairs = first.union(second).count_by_value(as_dict=False, as_fo=True)
    assert sorted(compss_wait_on(pairs)) == sorted(counts.items())
    assert first.union(second).count_by_value(as_dict=False).collect_as_dict() == counts
    assert DDS().count_by_value() == {}
    assert DDS().load([("a", 100), ("a", 200)]).count_by_key(True) == {"a": 2}
    assert DDS().load([("a", 100), ("a", 200)]).count_by_key().collect() == [("a", 2)]


def test_partitioning_by_key():
    dds = DDS().load(range(6)).map(lambda x: (x, x))
    assert dds.partition_by(num_of_partitions=3).collect(True) == [
        [(0, 0), (3, 3)],
        [(1, 1), (4, 4)],
        [(2, 2), (5, 5)],
    ]
    halves = DDS().load(range(10), 2).map(lambda x: (x, x)).partition_by(lambda x: x % 2).collect(True)
    assert [pair[0] % 2 for pair in halves[0]] == [0] * 5
    assert [pair[0] % 2 for pair in halves[1]] == [1] * 5


@pytest.mark.parametrize("parts", [1, 2, 4])
@pytest.mark.parametrize("total", [-1, 1, 3])
def test_combining_values_of_keys(parts, total):
    pairs = [("a", 1), ("b", 2), ("a", 2), ("b", 4), ("a", 5)]
    dds = DDS().load(pairs, parts)
    expected = {"a": [1, 2, 5], "b": [2, 4]}
    grouped = dds.group_by_key(total)
    assert grouped.collect_as_dict() == expected
    assert grouped.num_of_partitions() == (parts if total == -1 else total)
    assert dds.reduce_by_key(operator.add, total).collect_as_dict() == {"a": 8, "b": 6}
    assert dds.fold_by_key(10, max, total).collect_as_dict() == {"a": 10, "b": 10}
    combined = dds.combine_by_key(lambda v: [v], lambda c, v: c + [v], lambda c, d: c + d, total)
    assert combined.map_values(len).collect_as_dict() == {"a": 3, "b": 2}


def test_what_has_been_grouped_is_not_changed_by_further_use():
    grouped = DDS().load([("a", 1), ("a", 2), ("b", 3)], 3).group_by_key()
    assert grouped.collect_as_dict() == grouped.collect_as_dict() == {"a": [1, 2], "b": [3]}
    again = grouped.map_values(lambda values: values).reduce_by_key(lambda x, y: x + y)
    assert dict(again.collect()) == {"a": [1, 2], "b": [3]}


def test_joins():
    x = DDS().load([("a", 1), ("b", 3), ("c", 5)], 2)
    y = DDS().load([("a", 2), ("a", 7), ("b", 4), ("d", 6)], 3)
    assert sorted(x.join(y).collect()) == [("a", (1, 2)), ("a", (1, 7)), ("b", (3, 4))]
    assert sorted(x.left_outer_join(y).collect()) == [("a", (1, 2)), ("a", (1, 7)), ("b", (3, 4)), ("c", (5, None))]
    assert sorted(x.right_outer_join(y, 2).collect()) == [
        ("a", (1, 2)),
        ("a", (1, 7)),
        ("b", (3, 4)),
        ("d", (None, 6)),
    ]
    assert len(x.full_outer_join(y, 1).collect()) == 5
    assert dict(x.cogroup(y).collect())["a"] == ([1], [2, 7])


def test_data_that_are_partitioned_already_are_not_exchanged_again(in_this_process, monkeypatch):
    from pycompss.dds import tasks

    left = DDS().load([(i % 5, i) for i in range(20)], 4).reduce_by_key(operator.add)
    right = DDS().load([(i, str(i)) for i in range(5)], 4).partition_by()
    monkeypatch.setattr(tasks, "split", lambda *_: pytest.fail("exchanged again"))
    joined = left.map_values(lambda v: v + 1).filter(lambda pair: pair[0]).join(right)
    assert sorted(joined.collect()) == [(k, (1 + sum(range(k, 20, 5)), str(k))) for k in range(1, 5)]


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("parts", [None, 1, 3, 20])
def test_sorting_by_key(ascending, parts):
    rng = random.Random(7)
    pairs = [(rng.randrange(100), i) for i in range(500)]
    dds = DDS().load(pairs, 6).sort_by_key(ascending, parts)
    assert dds.collect() == sorted(pairs, key=lambda pair: pair[0], reverse=not ascending)
    lengths = [len(part) for part in dds.collect(True)]
    assert max(lengths) < 3 * 500 / len(lengths)


def test_sorting_by_a_function_of_the_key_and_of_little():
    assert DDS().load([("z", 1), ("b", 3), ("A", 1)]).sort_by_key(key_func=str.lower).keys().collect() == ["A", "b", "z"]
    assert DDS().sort_by_key().collect() == []
    assert DDS().load([(1, 1)] * 50, 5).sort_by_key().count() == 50
    assert DDS().load(range(9), 3).filter(lambda x: x < 2).key_by(lambda x: -x).sort_by_key().values().collect() == [1, 0]


def test_a_file_in_chunks(tmp_path):
    file = tmp_path / "test.file"
    file.write_text("Hello world!", encoding="utf-8")
    assert DDS().load_file(str(file), 6).collect() == ["Hello ", "world!"]
    assert DDS().load_file(str(file)).collect() == ["Hello world!"]
    text = "añ€😀b" * 7
    file.write_text(text, encoding="utf-8")
    for size in range(1, 12):
        for worker_read in (False, True):
            assert "".join(DDS().load_file(str(file), size, worker_read).collect()) == text


def test_lines_in_chunks(tmp_path):
    file = tmp_path / "test.txt"
    file.write_text("First Line! \nSecond Line! \n\nlast", encoding="utf-8")
    lines = ["First Line! ", "Second Line! ", "", "last"]
    assert DDS().load_text_file(str(file)).collect() == lines
    assert DDS().load_text_file(str(file), 2, in_bytes=False).collect(True) == [lines[:2], lines[2:]]
    assert DDS().load_text_file(str(file), 10).num_of_partitions() == 3
    assert DDS().load_text_file(str(file), strip=False).collect()[0] == "First Line! \n"
    with pytest.raises(ValueError, match="at least 1"):
        DDS().load_text_file(str(file), 0)


def test_files_of_a_folder_written_and_read(tmp_path):
    dds = DDS().load(range(6), 3).map(str)
    dds.save_as_text_file(str(tmp_path / "text"))
    dds.save_as_pickle(str(tmp_path / "pickles"))
    assert sorted(os.listdir(tmp_path / "text")) == ["part-00000.txt", "part-00001.txt", "part-00002.txt"]
    back = DDS().load_files_from_dir(str(tmp_path / "text"))
    assert back.num_of_partitions() == 3
    assert back.keys().collect() == [str(tmp_path / "text" / f"part-0000{i}.txt") for i in range(3)]
    assert back.flat_map(lambda pair: pair[1].split()).collect() == list("012345")
    assert DDS().load_files_from_dir(str(tmp_path / "text"), num_of_parts=2).num_of_partitions() == 2
    assert DDS().load_pickle_files(str(tmp_path / "pickles")).collect() == list("012345")
    (tmp_path / "pickles" / "z.pkl").write_bytes(pickle.dumps({"k": 1}) + pickle.dumps([8, 9]))
    assert DDS().load_pickle_files(str(tmp_path / "pickles")).collect()[-3:] == [{"k": 1}, 8, 9]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="cannot read the folder of the data set.*nowhere"):
        DDS().load_files_from_dir(str(tmp_path / "nowhere"))


def test_what_a_task_raises_reaches_the_program(way):
    with pytest.raises(ZeroDivisionError):
        DDS().load(range(3), 3).map(lambda x: 1 // x).sum()
    with pytest.raises(ZeroDivisionError):
        DDS().load(range(3), 3).foreach(lambda x: 1 // x)


def test_partitions_can_be_futures_of_other_tasks_and_hold_futures():
    parts = [numbers(n) for n in range(3)]
    assert DDS().load(parts, -1).collect() == [0, 0, 1]
    assert DDS().load([length(part) for part in parts], 2).map(lambda x: x + 1).collect() == [1, 2, 3]
    assert DDS().load([length(part) for part in parts], 2).collect() == [0, 1, 2]
    assert DDS().load(range(2)).map(lambda x, add: x + add, length(parts[2])).collect() == [2, 3]
    mine = DDS().load(range(4), 2).map(str).collect(future_objects=True)
    assert compss_wait_on([length(part) for part in mine]) == [2, 2]


@task(returns=1)
def numbers(n):
    return list(range(n))


@task(returns=1)
def length(part):
    return len(part)


# Programs


def test_word_count(tmp_path):
    rng = random.Random(1)
    words = ["alpha", "beta", "gamma,", "delta!"]
    text = [rng.choice(words) for _ in range(400)]
    for i in range(4):
        (tmp_path / f"{i}.txt").write_text(" ".join(text[i::4]), encoding="utf-8")
    counts = (
        DDS()
        .load_files_from_dir(str(tmp_path))
        .flat_map(lambda pair: pair[1].split())
        .map(lambda word: "".join(letter for letter in word if letter.isalnum()))
        .count_by_value(as_dict=True)
    )
    assert counts == Counter(word.rstrip(",!") for word in text)


def test_inverted_index(tmp_path):
    rng = random.Random(2)
    index = defaultdict(set)
    for i in range(5):
        path = tmp_path / f"{i}.txt"
        chosen = rng.sample(["one", "two", "three", "four", "five"], 3)
        path.write_text(" ".join(chosen), encoding="utf-8")
        for word in chosen:
            index[word].add(str(path))
    found = (
        DDS()
        .load_files_from_dir(str(tmp_path))
        .flat_map(lambda pair: [(word, [pair[0]]) for word in pair[1].split()])
        .reduce_by_key(lambda a, b: a + b)
        .collect()
    )
    assert {word: set(paths) for word, paths in found} == index


def test_sorting_files(tmp_path):
    rng = random.Random(3)
    records = [(str(rng.randrange(1000)), str(i)) for i in range(200)]
    (tmp_path / "in").mkdir()
    for i in range(4):
        (tmp_path / "in" / f"{i}").write_text("".join(f"{k},{v}\n" for k, v in records[i::4]), encoding="utf-8")
    DDS().load_files_from_dir(str(tmp_path / "in")).flat_map(
        lambda pair: [tuple(line.split(",")) for line in pair[1].splitlines()]
    ).sort_by_key().map(",".join).save_as_text_file(str(tmp_path / "out"))
    lines = "".join(
        (tmp_path / "out" / name).read_text(encoding="utf-8") for name in sorted(os.listdir(tmp_path / "out"))
    ).splitlines()
    assert [line.split(",")[0] for line in lines] == sorted(key for key, _ in records)
    assert sorted(lines) == sorted(map(",".join, records))


def test_transitive_closure():
    edges = [(1, 2), (2, 3), (3, 4), (5, 1), (4, 2)]
    paths = DDS().load(edges, 2).collect(future_objects=True)
    reversed_edges = DDS().load(paths, -1).map(lambda edge: (edge[1], edge[0]))
    count = DDS().load(paths, -1).count()
    while True:
        longer = DDS().load(paths, -1).join(reversed_edges).map(lambda found: (found[1][1], found[1][0]))
        paths = DDS().load(paths, -1).union(longer).distinct().collect(future_objects=True)
        before, count = count, DDS().load(paths, -1).count()
        if count == before:
            break
    closure = set(DDS().load(paths, -1).collect())
    assert closure == {(a, b) for a in range(1, 6) for b in _reachable(edges, a)}


def _reachable(edges, start):
    reached, todo = set(), [start]
    while todo:
        at = todo.pop()
        for source, target in edges:
            if source == at and target not in reached:
                reached.add(target)
                todo.append(target)
    return reached


# The hash


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    name: str


def test_the_hash_of_a_key_is_the_same_in_every_process():
    keys = "['word', b'x', ('a', 1, None), frozenset(['p', 'q', 'r']), 2.5, Colour.RED, Point(1, 'n'), complex(1, 2)]"
    program = f"import test_dds; from test_dds import *; print([default_hash(key) for key in {keys}])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**environment, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_equal_keys_have_equal_hashes():
    assert default_hash(1) == default_hash(1.0) == default_hash(True) == default_hash(Fraction(1))
    assert default_hash(("a", 1)) == default_hash(("a", 1.0))
    assert default_hash(Point(1, "n")) == default_hash(Point(1, "".join(["n"]))) != default_hash(Point(2, "n"))
    assert default_hash(frozenset("abc")) == default_hash(frozenset("cba"))


def test_numbers_of_numpy_are_the_numbers_they_are():
    numpy = pytest.importorskip("numpy")
    assert default_hash(numpy.int64(3)) == default_hash(3)
    assert default_hash(numpy.bool_(True)) == default_hash(1)
    assert default_hash(numpy.str_("a")) == default_hash("a")
    array = numpy.arange(10.0)
    assert DDS().load(array, 3).map(float).sum() == 45.0
