"""The program's end of the protocol, against a gateway that keeps what it is told."""

import struct
import threading
import time

import pytest
from fake_gateway import PRINTED, FAILURE, failure

import colla
from colla import _start, _wire
from colla._session import BARRIER, CLOSE, GET, GROUP, HEARD, INOUT, OUT, PUT, RELEASE, SUBMIT


def test_a_call_sends_its_accesses_and_returns_the_data_of_its_results(session, gateway):
    template = session.template({"name": "f"})
    datum = session.put(5)
    results = session.submit(template, [(datum, INOUT)], 2, b"spec", 3)
    session.barrier()
    assert gateway.seen(SUBMIT) == [(template, 3, [(datum, INOUT), (results[0], OUT), (results[1], OUT)], 2, b"spec")]
    assert len({datum, *results}) == 3


def test_a_value_is_waited_for(session, gateway):
    (datum,) = session.submit(0, [], 1, _wire.scalar(42))
    assert session.get(datum) == 42
    (other,) = session.submit(0, [], 1, b"")
    threading.Timer(0.05, lambda: gateway.give(other, _wire.scalar("later"))).start()
    assert session.get(other) == "later"


def test_objects_come_back_equal(session):
    for obj in [None, 1.5, 2**70, {"a": [1, 2]}, b"x" * 100_000, "é" * 50_000]:
        assert session.get(session.put(obj)) == obj


def test_a_file_that_was_got_is_released_once_it_is_mapped(session, gateway):
    np = pytest.importorskip("numpy")
    datum = session.put(np.arange(100_000))
    assert session.get(datum).sum() == 4999950000
    session.barrier()
    assert len(gateway.seen(RELEASE)) == 1


def test_many_values_are_waited_for_at_once(session, gateway):
    data = [session.submit(0, [], 1, _wire.scalar(i))[0] for i in range(5000)]
    assert session.get_all(data) == list(range(5000))
    assert gateway.blocks >= 4


def test_a_single_call_is_sent_without_waiting_for_others(session, gateway):
    session.submit(0, [], 1, b"")
    gateway.wait_for(lambda g: len([e for e in g.events if e[0] == SUBMIT]) == 1)
    session.submit(0, [], 1, b"")
    session.submit(0, [], 1, b"")
    gateway.wait_for(lambda g: len([e for e in g.events if e[0] == SUBMIT]) == 3)


def test_threads_wait_at_the_same_time_and_each_gets_its_own(session, gateway):
    data = [session.submit(0, [], 1, b"")[0] for _ in range(20)]
    found = {}
    threads = [threading.Thread(target=lambda d=d: found.__setitem__(d, session.get(d))) for d in data]
    for thread in threads:
        thread.start()
    gateway.wait_for(lambda g: len(g.waiting) == 20)
    for datum in reversed(data):
        gateway.give(datum, _wire.scalar(datum))
    for thread in threads:
        thread.join(10)
    assert found == {datum: datum for datum in data}


def test_a_timeout_withdraws_the_request_and_leaves_the_connection_usable(session, gateway):
    (datum,) = session.submit(0, [], 1, b"")
    with pytest.raises(colla.WaitTimeoutError):
        session.get(datum, timeout=0.05)
    gateway.wait_for(lambda g: g.events[-1][0] == RELEASE)
    gateway.give(datum, _wire.scalar(1))
    assert session.get(datum) == 1


def test_a_follower_times_out_too(session, gateway):
    slow = session.submit(0, [], 1, b"")[0]
    leader = threading.Thread(target=lambda: session.get(slow))
    leader.start()
    gateway.wait_for(lambda g: slow in g.waiting)
    with pytest.raises(colla.WaitTimeoutError):
        session.get(session.submit(0, [], 1, b"")[0], timeout=0.05)
    gateway.give(slow, _wire.scalar(1))
    leader.join(10)
    assert not leader.is_alive()


def test_when_the_leader_leaves_another_thread_reads(session, gateway):
    first, second = (session.submit(0, [], 1, b"")[0] for _ in range(2))
    gone = []

    def lead():
        with pytest.raises(colla.WaitTimeoutError):
            session.get(first, timeout=0.2)
        gone.append(True)

    leader = threading.Thread(target=lead)
    leader.start()
    gateway.wait_for(lambda g: first in g.waiting)
    found = []
    follower = threading.Thread(target=lambda: found.append(session.get(second)))
    follower.start()
    leader.join(10)
    gateway.give(second, _wire.scalar(2))
    follower.join(10)
    assert gone == [True] and found == [2]


def test_closed_data_are_told_of_without_any_further_call(session, gateway):
    datum = session.put(1)
    session.close(datum)
    gateway.wait_for(lambda g: (datum,) in g.seen(CLOSE))


def test_a_call_that_no_node_can_run_is_refused_at_once(session):
    with pytest.raises(colla.UsageError, match="no node has 99 cores"):
        session.template({"name": "f", "impossible": True})


def test_what_the_task_raised_is_raised_with_its_traceback(session):
    from colla import _objects

    packed = _objects.pack(KeyError("k")).to_bytes()
    told = failure(_wire.FAILURE_TASK, "KeyError: 'k'", "f #7", "node2", "Traceback: in f", packed)
    (datum,) = session.submit(0, [], 1, b"FAIL" + told)
    with pytest.raises(KeyError) as raised:
        session.get(datum)
    assert "f #7" in str(raised.value.__cause__) and "in f" in str(raised.value.__cause__) and "node2" in str(raised.value.__cause__)
    assert isinstance(session.exception(datum), KeyError)


def test_a_task_without_an_exception_of_its_own_fails_as_such(session):
    told = failure(_wire.FAILURE_TASK, "f #7 was killed by SIGSEGV", stack="the end of what it printed")
    (datum,) = session.submit(0, [], 1, b"FAIL" + told)
    with pytest.raises(colla.TaskFailedError, match="SIGSEGV") as raised:
        session.get(datum)
    assert (raised.value.task, raised.value.node, raised.value.remote_traceback) == ("f #1", "node1", "the end of what it printed")


def test_of_several_failures_the_reason_is_raised(session):
    cancelled = session.submit(0, [], 1, b"FAIL" + failure(_wire.FAILURE_CANCELLED, "g was cancelled"))
    reason = session.submit(0, [], 1, b"FAIL" + failure(_wire.FAILURE_TASK, "f failed"))
    with pytest.raises(colla.TaskFailedError, match="f failed"):
        session.get_all(cancelled + reason)
    with pytest.raises(colla.CancelledError, match="g was cancelled"):
        session.get_all(cancelled)


def test_a_failure_that_was_told_is_raised_by_the_next_call_and_once(session, gateway):
    session.submit(0, [], 1, b"")
    gateway.wait_for(lambda g: g.seen(SUBMIT))
    gateway.send(FAILURE, failure(_wire.FAILURE_TASK, "f failed"))
    with pytest.raises(colla.TaskFailedError, match="f failed"):
        for _ in range(1000):
            session.submit(0, [], 1, b"")
            time.sleep(0.002)
    session.submit(0, [], 1, b"")


def test_a_failure_that_a_wait_has_raised_is_not_raised_again(session, gateway):
    told = failure(_wire.FAILURE_TASK, "f failed")
    (datum,) = session.submit(0, [], 1, b"FAIL" + told)
    gateway.send(FAILURE, told)
    with pytest.raises(colla.TaskFailedError, match="f failed"):
        session.get(datum)
    session.barrier()
    with pytest.raises(colla.TaskFailedError, match="f failed"):
        session.get(datum)
    gateway.send(FAILURE, told)
    session.barrier()
    session.barrier()
    assert not gateway.seen(HEARD)
    gateway.send(FAILURE, failure(_wire.FAILURE_TASK, "g failed"))
    session.barrier()
    with pytest.raises(colla.TaskFailedError, match="g failed"):
        session.barrier()
    session.barrier()
    assert len(gateway.seen(HEARD)) == 1


def test_a_long_answer_that_comes_in_many_pieces(session, gateway):
    import os

    content = os.urandom(5_000_000)
    assert session.question(1, content) == b"\1" + content
    assert session.question(1, b"after it") == b"\1after it"


def test_a_question_is_answered_by_bytes(session, gateway):
    assert session.question(1, b"abc") == b"\1abc"


def test_nothing_hangs_when_the_gateway_dies(session, gateway):
    (datum,) = session.submit(0, [], 1, b"")
    threading.Timer(0.05, gateway.close).start()
    with pytest.raises(colla.InternalError, match="ended before this program"):
        session.get(datum)
    with pytest.raises(colla.InternalError):
        session.submit(0, [], 1, b"")
    session.close(datum)
    with pytest.raises(colla.InternalError):
        session.end()


def test_the_program_waits_when_the_gateway_takes_no_more_and_answers_still_come(session, gateway):
    (datum,) = session.submit(0, [], 1, b"")
    found = []
    waiter = threading.Thread(target=lambda: found.append(session.get(datum)))
    waiter.start()
    gateway.wait_for(lambda g: datum in g.waiting)
    gateway.reading.clear()
    sent = []

    def submit():
        for _ in range(300):
            session.submit(0, [], 1, b"x" * 10_000)
            sent.append(1)

    submitter = threading.Thread(target=submit)
    submitter.start()
    submitter.join(0.3)
    assert submitter.is_alive() and len(sent) < 300
    gateway.give(datum, _wire.scalar(9))
    waiter.join(10)
    assert found == [9]
    gateway.reading.set()
    submitter.join(10)
    assert len(sent) == 300
    session.barrier()
    assert len(gateway.seen(SUBMIT)) == 301


def test_a_program_call_has_values_accesses_and_lists_of_accesses(session, gateway):
    from colla._session import SUBMIT_PROGRAM

    (exit_value,) = session.submit_program(4, [(7, 0), (8, 0)], 1, [_wire.scalar(1), 0, [0, 1]])
    session.barrier()
    rest = struct.pack("<H", 3) + b"\0" + _wire.scalar(1) + b"\1\0\0" + b"\2\2\0\0\0\1\0"
    assert gateway.seen(SUBMIT_PROGRAM) == [(4, -1, [(7, 0), (8, 0), (exit_value, 1)], 1, rest)]


def test_a_file_is_the_same_datum_until_it_is_deleted(session, gateway, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    datum = session.file("a.txt")
    assert session.file(str(tmp_path / "a.txt")) == datum == session.known_file("a.txt")
    assert session.wait_file(datum) == f"/path/{datum}"
    session.delete_file(datum)
    assert session.known_file("a.txt") is None
    assert session.file("a.txt") != datum


def test_groups_are_opened_closed_and_cancelled(session, gateway):
    first, second = session.open_group(), session.open_group()
    session.close_group(first)
    session.cancel_group(second)
    session.barrier(first)
    assert gateway.seen(GROUP) == [(first, 0), (second, 0), (first, 1), (second, 2)]
    assert gateway.seen(BARRIER)[0][1] == first


def test_data_made_for_a_call_are_closed_after_it(session, gateway):
    datum = session.argument(3, False, "x")
    session.submit(0, [(datum, 0)], 0, b"")
    session.barrier()
    kinds = [event[0] for event in gateway.events if event[0] in (PUT, SUBMIT, CLOSE)]
    assert kinds == [PUT, SUBMIT, CLOSE]


def test_what_tasks_print_is_shown(session, gateway, capsys):
    (datum,) = session.submit(0, [], 1, b"")
    threading.Timer(0.05, lambda: gateway.give(datum, _wire.scalar(1))).start()
    session.barrier()
    gateway.send(PRINTED, _wire.string("f #1") + _wire.string("node1") + b"hello\nthere\n")
    session.get(datum)
    assert capsys.readouterr().out == "[f #1 node1] hello\n[f #1 node1] there\n"


def test_what_tasks_print_is_shown_while_the_program_does_something_else(gateway, monkeypatch):
    import io
    import sys

    shown = io.StringIO()
    arrived = threading.Event()
    monkeypatch.setattr(shown, "flush", arrived.set, raising=False)
    monkeypatch.setattr(sys, "stdout", shown)
    gateway.stream = True
    session = _start.session_at(gateway.path)
    session.barrier()
    gateway.send(PRINTED, _wire.string("f #1") + _wire.string("node1") + b"hello\n")
    assert arrived.wait(10)
    assert shown.getvalue() == "[f #1 node1] hello\n"
    session.end()


def test_an_end_in_order_says_goodbye_and_nothing_can_be_called_after_it(session, gateway):
    from colla._session import BYE

    session.submit(0, [], 1, b"")
    session.end()
    gateway.wait_for(lambda g: ("closed",) in g.events)
    assert [flag for _, flag in gateway.seen(BYE)] == [0]
    with pytest.raises(colla.InternalError, match="has ended"):
        session.submit(0, [], 1, b"")
    assert len(gateway.seen(GET)) == 0
