"""Objects that tasks change keep their datum; large ones that are passed again unchanged are not sent again."""

import gc
import os

import pytest

import colla
from colla import Future, _wire
from colla._session import CLOSE, IN, PUT

LARGE = 100_000


class Thing:
    def __init__(self, content):
        self.content = content


def puts(gateway):
    return len(gateway.seen(PUT))


def closed(session, gateway):
    session.barrier()
    return {datum for data in gateway.seen(CLOSE) for datum in data}


def pass_in(session, obj):
    datum = session.argument(obj, False, "x")
    session.submit(0, [(datum, IN)], 0, b"")
    return datum


def test_an_object_that_a_task_changes_is_its_datum_until_it_is_forgotten(session, gateway):
    for obj in (Thing(1), [1], {"a": 1}, bytearray(b"x")):
        datum = session.argument(obj, True, "x")
        assert session.argument(obj, True, "x") == datum == session.argument(obj, False, "x") == session.is_tracked(obj)
        assert session.forget(obj)
        assert session.is_tracked(obj) is None and not session.forget(obj)
        assert datum in closed(session, gateway)


def test_an_equal_object_is_another_one(session):
    assert session.argument([1], True, "x") != session.argument([1], True, "x")


def test_a_future_is_its_own_datum(session):
    future = Future(session, session.new(), "f")
    assert session.argument(future, False, "x") == session.argument(future, True, "x") == future._datum


def test_numbers_have_no_identity(session):
    number = 12345
    session.argument(number, True, "x")
    assert session.is_tracked(number) is None


def test_a_tracked_object_that_is_collected_frees_its_datum(session, gateway):
    thing = Thing(1)
    datum = session.argument(thing, True, "x")
    assert datum not in closed(session, gateway)
    del thing
    gc.collect()
    assert datum in closed(session, gateway)


def test_lists_that_nobody_has_any_more_are_swept(session, gateway):
    first = session.argument([0], True, "x")
    kept = [[i] for i in range(200)]
    data = [session.argument(obj, True, "x") for obj in kept]
    gone = closed(session, gateway)
    assert first in gone and not gone & set(data)
    assert [session.is_tracked(obj) for obj in kept] == data


@pytest.mark.parametrize("make", [lambda: b"x" * LARGE, lambda: "x" * LARGE, lambda: list(range(LARGE)), lambda: Thing("x" * LARGE)])
def test_a_large_object_is_sent_once(session, gateway, make):
    obj = make()
    data = {pass_in(session, obj) for _ in range(5)}
    assert len(data) == 1
    assert session.get(data.pop()) is not None
    assert puts(gateway) == 1


def test_a_small_object_is_sent_each_time_and_closed(session, gateway):
    obj = [1, 2]
    data = {pass_in(session, obj) for _ in range(3)}
    assert len(data) == 3 and closed(session, gateway) == data


def test_an_object_that_changed_is_sent_as_it_is_at_the_call(session, gateway):
    obj = list(range(LARGE))
    first = pass_in(session, obj)
    obj[-1] = "changed"
    second = pass_in(session, obj)
    assert session.get(second)[-1] == "changed" and session.get(first)[-1] == LARGE - 1
    assert closed(session, gateway) == {first}


def test_arrays_are_compared_with_what_was_sent(session, gateway):
    np = pytest.importorskip("numpy")
    array = np.arange(LARGE, dtype=float)
    first = pass_in(session, array)
    assert pass_in(session, array) == first
    array[77] += 1
    second = pass_in(session, array)
    assert second != first and session.get(second)[77] == 78
    assert pass_in(session, array) == second != pass_in(session, array.copy())
    del array
    gc.collect()
    assert second in closed(session, gateway)


def test_arrays_that_cannot_be_written_to_are_compared_too(session):
    np = pytest.importorskip("numpy")
    array = np.arange(LARGE, dtype=float)
    array.setflags(write=False)
    assert pass_in(session, array) == pass_in(session, array)


def test_an_array_of_another_shape_has_changed(session):
    np = pytest.importorskip("numpy")
    array = np.zeros(LARGE)
    first = pass_in(session, array)
    array.resize((10, LARGE // 10), refcheck=False)
    assert session.get(pass_in(session, array)).shape == (10, LARGE // 10)
    assert session.get(first).shape == (LARGE,)


def test_a_sent_object_that_a_task_then_changes_starts_from_what_was_sent(session, gateway):
    thing = Thing("x" * LARGE)
    first = pass_in(session, thing)
    assert session.argument(thing, True, "x") == first
    assert session.is_tracked(thing) == first
    assert first not in closed(session, gateway) and puts(gateway) == 1


def test_a_file_that_was_taken_away_is_sent_again(session, gateway, tmp_path):
    thing = Thing("x" * LARGE)
    first = pass_in(session, thing)
    session.barrier()
    value, _ = _wire.read_value(gateway.values[first], 0)
    os.unlink(value.path)
    assert pass_in(session, thing) != first


def test_what_was_not_passed_for_long_is_closed_when_the_memory_is_short(session, gateway):
    session._tracker._most_bytes = 3 * LARGE + 1000
    things = [Thing(bytes([i]) * LARGE) for i in range(5)]
    data = [pass_in(session, thing) for thing in things[:3]]
    assert pass_in(session, things[0]) == data[0]
    data += [pass_in(session, thing) for thing in things[3:]]
    assert closed(session, gateway) == {data[1], data[2]}
    assert pass_in(session, things[0]) == data[0]


def test_what_cannot_be_pickled_is_named(session):
    import threading

    with pytest.raises(colla.UsageError, match=r"argument x of f\['a'\].content is a _?thread.lock, which cannot be pickled"):
        session.argument({"a": Thing(threading.Lock())}, False, "argument x of f")


@pytest.mark.parametrize("watched", [True, False])
def test_every_change_of_a_large_array_is_seen(session, gateway, watched, monkeypatch):
    np = pytest.importorskip("numpy")
    if not watched:
        from colla import _watch

        monkeypatch.setattr(_watch, "begin", lambda address, length: None)
    size = 3 << 20
    array = np.zeros(size, dtype=np.uint8)[5:-7]  # neither begins nor ends with a page
    known = pass_in(session, array)
    for place in [0, 1, 4095, 4096, size // 2, -5000, -4096, -2, -1]:
        for _ in range(3):
            assert pass_in(session, array) == known
        array[place] += 1
        changed = pass_in(session, array)
        assert changed != known
        assert session.get(changed)[place] == 1
        known = changed


def test_two_arrays_over_the_same_memory_do_not_hide_each_others_changes(session):
    np = pytest.importorskip("numpy")
    whole = np.zeros(3 << 20, dtype=np.uint8)
    half = whole[: 2 << 20]
    for value in range(1, 6):
        for _ in range(2):
            pass_in(session, whole), pass_in(session, half)
        whole[1 << 20] = value
        assert session.get(pass_in(session, half))[1 << 20] == value
        assert session.get(pass_in(session, whole))[1 << 20] == value
