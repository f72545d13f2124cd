"""Streams in a program that runs sequentially, or with threads of its own; and the messages to the master's broker."""

import os
import pickle
import struct
import threading
import time

import pytest

from colla import _streams
from colla._errors import InternalError, UsageError
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import STREAM_IN, STREAM_OUT
from pycompss.api.task import task
from pycompss.streams.distro_stream import (
    AT_LEAST_ONCE,
    FileDistroStream,
    ObjectDistroStream,
    PscoDistroStream,
    RegistrationException,
)


@task(numbers=STREAM_OUT)
def produce(numbers, count):
    for i in range(count):
        numbers.publish({"number": i})
    numbers.close()


@task(numbers=STREAM_IN, returns=1)
def consume(numbers):
    got = []
    while not numbers.is_closed():
        got += [element["number"] for element in numbers.poll()]
    got += [element["number"] for element in numbers.poll()]
    return got


def test_what_a_task_publishes_another_polls():
    stream = ObjectDistroStream()
    produce(stream, 5)
    assert not stream.is_closed()  # there is something to be polled
    assert compss_wait_on(consume(stream)) == list(range(5))
    assert stream.is_closed()


def test_two_producers_one_after_the_other():
    stream = ObjectDistroStream(access_mode=AT_LEAST_ONCE)
    produce(stream, 2)
    produce(stream, 3)
    assert consume(stream) == [0, 1, 0, 1, 2]


def test_an_alias_names_one_stream_of_its_type(tmp_path):
    one, other = ObjectDistroStream(alias="numbers"), ObjectDistroStream("numbers")
    FileDistroStream("numbers", base_dir=str(tmp_path)).close()
    one.publish_list([1, 2])
    assert other.poll() == [1, 2]
    assert one.poll(timeout=0) == []
    assert one.get_stream_alias() == "numbers"
    assert one.get_stream_type() == "OBJECT"
    assert one.get_stream_id() == other.get_stream_id()
    assert not other.is_closed()


def test_consumers_get_copies():
    stream = ObjectDistroStream()
    published = [1]
    stream.publish(published)
    published.append(2)
    assert stream.poll() == [[1]]


def test_a_poll_waits_for_a_publication_of_another_thread_and_for_the_close():
    stream = ObjectDistroStream()
    polled = []
    polling = threading.Event()

    def poll():
        polling.set()
        while not stream.is_closed():
            polled.append(stream.poll(timeout=None))

    thread = threading.Thread(target=poll)
    thread.start()
    polling.wait()
    stream.publish("a")
    stream.close()
    thread.join(10)
    assert not thread.is_alive()
    assert [element for elements in polled for element in elements] == ["a"]


def test_each_element_reaches_one_of_many_consumers():
    stream = ObjectDistroStream()
    polled = []

    def poll():
        while not stream.is_closed():
            polled.extend(stream.poll(timeout=None))

    threads = [threading.Thread(target=poll) for _ in range(4)]
    for thread in threads:
        thread.start()
    for start in range(0, 1000, 10):
        stream.publish_list(range(start, start + 10))
    stream.close()
    for thread in threads:
        thread.join(10)
    assert sorted(polled) == list(range(1000))


def test_a_poll_that_nobody_can_end_is_an_error_that_says_what_to_do():
    if threading.active_count() > 1:
        pytest.skip("another thread could publish")
    with pytest.raises(UsageError, match="producers before its consumers"):
        ObjectDistroStream().poll(timeout=None)
    start = time.monotonic()
    assert ObjectDistroStream().poll(timeout=20) == []
    assert time.monotonic() - start >= 0.02


def test_files_are_polled_once_when_they_are_complete(tmp_path):
    stream = FileDistroStream(base_dir=str(tmp_path / "made"))
    assert stream.poll() == []
    (tmp_path / "made" / "b").write_text("b")
    (tmp_path / "made" / "a").write_text("a")
    (tmp_path / "made" / ".hidden").write_text("")
    (tmp_path / "made" / "folder").mkdir()
    assert stream.poll() == [str(tmp_path / "made" / "a"), str(tmp_path / "made" / "b")]
    assert stream.poll() == []
    assert os.fspath(stream) == str(tmp_path / "made")


def test_a_growing_file_is_polled_when_the_stream_is_closed(tmp_path):
    stream = FileDistroStream(base_dir=str(tmp_path))
    stop = threading.Event()

    def grow():
        with open(tmp_path / "growing", "w") as file:
            while not stop.wait(0.002):
                file.write("x")
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        (tmp_path / "done").write_text("")
        os.utime(tmp_path / "done", (1, 1))
        assert stream.poll() == [str(tmp_path / "done")]
        assert stream.poll() == []
    finally:
        stop.set()
        thread.join()
    stream.close()
    assert not stream.is_closed()
    assert stream.poll() == [str(tmp_path / "growing")]
    assert stream.is_closed()


def test_a_poll_of_files_waits(tmp_path):
    stream = FileDistroStream(base_dir=str(tmp_path))
    timer = threading.Timer(0.1, (tmp_path / "late").write_text, ("",))
    timer.start()
    assert stream.poll(timeout=10_000) == [str(tmp_path / "late")]
    timer.join()
    start = time.monotonic()
    assert stream.poll(timeout=50) == []
    assert time.monotonic() - start >= 0.05


def test_streams_of_files_are_the_same_after_pickling(tmp_path):
    stream = FileDistroStream(base_dir=str(tmp_path))
    (tmp_path / "a").write_text("")
    assert stream.poll() == [str(tmp_path / "a")]
    other = pickle.loads(pickle.dumps(stream))
    assert other.poll() == []
    (tmp_path / "b").write_text("")
    assert other.poll() == [str(tmp_path / "b")]
    other.close()
    assert stream.is_closed()


def test_publishing_a_file_is_needless(tmp_path, caplog):
    FileDistroStream(base_dir=str(tmp_path)).publish("x")
    assert "published by being there" in caplog.text


def test_mistakes_are_named(tmp_path):
    with pytest.raises(RegistrationException, match="no access mode 'SOMETIMES': use one of AT_MOST_ONCE"):
        ObjectDistroStream(access_mode="SOMETIMES")
    with pytest.raises(RegistrationException, match="base_dir"):
        FileDistroStream()
    (tmp_path / "file").write_text("")
    with pytest.raises(RegistrationException, match="cannot be made"):
        FileDistroStream(base_dir=str(tmp_path / "file" / "below"))
    with pytest.raises(UsageError, match="object store"):
        PscoDistroStream()


def test_a_stream_of_another_run_is_refused(running):
    from colla import _session

    _session._current = None
    stream = ObjectDistroStream()
    _session.begin(running)
    with pytest.raises(UsageError, match="belongs to no run: make it anew"):
        stream.publish(1)


class Asked:
    """Answers as told, and remembers what was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.question = None

    def __call__(self, question, waits):
        self.question = question
        self.waits = waits
        return b"\0" + self.answer


@pytest.mark.parametrize(
    "answer, call, question, result",
    [
        (b"\7\0\0\0", lambda b: b.open("OBJECT:é", _streams.Mode.EXACTLY_ONCE), b"\0\2OBJECT:\xc3\xa9", 7),
        (b"", lambda b: b.publish(7, [b"ab", b""]), b"\1\7\0\0\0\2\0\0\0ab\0\0\0\0", None),
        (
            b"\1\0\0\0x\0\0\0\0",
            lambda b: b.poll(7, _streams.Consumer(3, 2), 0.25),
            b"\2\7\0\0\0\3\0\0\0\2\0\0\0\xfa\0\0\0",
            [b"x", b""],
        ),
        (b"", lambda b: b.poll(7, _streams.PROGRAM, None), b"\2\7\0\0\0" + b"\xff" * 4 + bytes(4) + b"\xff" * 4, []),
        (b"\1\0\0\0b", lambda b: b.claim(7, ["a", "b"]), b"\3\7\0\0\0\1\0\0\0a\1\0\0\0b", ["b"]),
        (b"", lambda b: b.add_writer(7), b"\4\7\0\0\0", None),
        (b"", lambda b: b.close(7, _streams.Consumer(3, 0)), b"\5\7\0\0\0\3\0\0\0\0\0\0\0", None),
        (b"\1", lambda b: b.is_closed(7), b"\6\7\0\0\0", True),
        (b"\0", lambda b: b.ended(7, 1), b"\7\7\0\0\0" + struct.pack("<I", 1000), False),
        (b"", lambda b: b.leave(7, _streams.Consumer(3, 1)), b"\x09\7\0\0\0\3\0\0\0\1\0\0\0", None),
        (b"", lambda b: b.unclaimed(7, ["a"]), b"\x08\7\0\0\0\1\0\0\0a", []),
    ],
)
def test_the_messages_to_the_broker(answer, call, question, result):
    asked = Asked(answer)
    assert call(_streams.RemoteBroker(asked)) == result
    assert asked.question == question


def test_only_what_waits_long_leaves_its_cores_to_others():
    asked = Asked(b"")
    broker = _streams.RemoteBroker(asked)
    for call, waits in (
        (lambda: broker.poll(1, _streams.PROGRAM, None), True),
        (lambda: broker.poll(1, _streams.PROGRAM, 0.2), True),
        (lambda: broker.poll(1, _streams.PROGRAM, 0), False),
        (lambda: broker.ended(1, 1), True),
        (lambda: broker.ended(1), False),
        (lambda: broker.publish(1, [b""]), False),
    ):
        call()
        assert asked.waits is waits


def test_no_names_need_no_message():
    asked = Asked(b"")
    assert _streams.RemoteBroker(asked).claim(1, []) == []
    assert asked.question is None


def test_what_the_master_could_not_do_is_said():
    with pytest.raises(InternalError, match="no space"):
        _streams.RemoteBroker(lambda question, waits: b"\1no space").publish(1, [b"x"])
