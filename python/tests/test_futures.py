"""What a program can do with a future, and what it is told when it takes one for a value."""

import copy
import gc
import pickle
import threading

import pytest
from fake_gateway import failure

import colla
from colla import Future, _wire
from colla._futures import collecting
from colla._session import CANCEL, CLOSE


@pytest.fixture
def future(session):
    return Future(session, session.submit(0, [], 1, b"")[0], "f")


def test_a_future_that_nobody_has_any_more_frees_its_data(session, gateway):
    datum = session.submit(0, [], 1, b"")[0]
    future = Future(session, datum, "f")
    del future
    gc.collect()
    gateway.wait_for(lambda g: (datum,) in g.seen(CLOSE))


def test_it_says_what_it_is_without_waiting(session, future, gateway):
    assert repr(future) == str(future) == f"{future}" == "<future: result of f, not there yet>"
    assert not future.done()
    gateway.give(future._datum, _wire.scalar(3))
    assert repr(future) == "<future: result of f, done>"
    assert future.done() and future.result() == 3 and future.exception() is None


def test_it_says_what_it_is_also_after_the_end(session, future):
    session.end()
    assert repr(future) == "<future: result of f>"


@pytest.mark.parametrize(
    "use",
    [
        lambda x: x + 1,
        lambda x: 2 * x,
        lambda x: x - x,
        lambda x: -x,
        lambda x: abs(x),
        lambda x: x < 3,
        lambda x: x == 3,
        lambda x: x != "a",
        lambda x: bool(x),
        lambda x: not x,
        lambda x: len(x),
        lambda x: int(x),
        lambda x: float(x),
        lambda x: [1, 2][x],
        lambda x: x[0],
        lambda x: list(x),
        lambda x: 3 in x,
        lambda x: [i for i in x],
        lambda x: f"{x:.3f}",
        lambda x: sum([x]),
        lambda x: x.__setitem__(0, 1),
    ],
)
def test_using_it_as_a_value_is_an_error_that_says_what_to_do(future, use):
    with pytest.raises(TypeError, match=r"the result of f is still a future.*x = compss_wait_on\(x\)"):
        use(future)


def test_unpacking_it_is_an_error(future):
    with pytest.raises(TypeError, match="still a future"):
        a, b = future


def test_its_attributes_are_not_those_of_the_value(future):
    with pytest.raises(AttributeError, match="the result of f is still a future.*'shape'"):
        future.shape
    assert not hasattr(future, "shape")


def test_it_can_be_kept_in_sets_and_found_in_lists(session, future):
    other = Future(session, session.submit(0, [], 1, b"")[0], "g")
    assert future in [other, future] and [other, future].index(future) == 1
    assert len({future, other}) == 2
    assert future != other and future is not None and not future == None  # noqa: E711


def test_copies_are_the_same_future(future):
    assert copy.copy(future) is future and copy.deepcopy([future])[0] is future


def test_it_can_only_be_pickled_in_a_call(future, session):
    with pytest.raises(colla.UsageError, match=r"a future \(the result of f\) cannot be pickled here: wait for it with compss_wait_on"):
        pickle.dumps([future])
    with pytest.raises(TypeError, match="cannot be pickled here"):
        session.put({"a": [future]})


def test_a_collector_takes_what_is_pickled_in_its_own_thread(future):
    collecting.collector = lambda found: (str, (str(found._datum),))
    errors = []

    def other_thread():
        try:
            pickle.dumps(future)
        except colla.UsageError as error:
            errors.append(error)

    try:
        assert pickle.loads(pickle.dumps([future])) == [str(future._datum)]
        thread = threading.Thread(target=other_thread)
        thread.start()
        thread.join()
        assert len(errors) == 1
    finally:
        collecting.collector = None


def test_its_task_can_be_cancelled(future, session, gateway):
    future.cancel()
    session.barrier()
    assert gateway.seen(CANCEL) == [(future._datum,)]


def test_the_exception_of_its_task_can_be_had(session):
    told = failure(_wire.FAILURE_TASK, "f failed")
    future = Future(session, session.submit(0, [], 1, b"FAIL" + told)[0], "f")
    assert isinstance(future.exception(), colla.TaskFailedError)
    with pytest.raises(colla.TaskFailedError):
        future.result()


def test_numpy_keeps_futures_in_arrays_of_objects(future):
    np = pytest.importorskip("numpy")
    array = np.empty((1, 1), dtype=object)
    array[0, 0] = future
    assert array[0, 0] is future
    with pytest.raises(TypeError, match="still a future"):
        np.ones(2) + future
