"""Memory that is watched for writes by the kernel, where it can; the tracker's results are the same where it cannot."""

import mmap
import os
import threading

import pytest

from colla import _watch

np = pytest.importorskip("numpy")

SIZE = 4 << 20


def watch(array):
    return _watch.begin(array.ctypes.data, array.nbytes)


@pytest.fixture
def array():
    made = np.ones(SIZE, dtype=np.uint8)
    if watch(made) is None:
        pytest.skip("this kernel cannot watch memory")
    return made


def test_a_write_is_seen_until_the_next_watch(array):
    first = watch(array)
    assert first.covers(array.ctypes.data, array.nbytes) and not first.covers(array.ctypes.data, array.nbytes - mmap.PAGESIZE)
    assert first.is_unwritten() and first.is_unwritten()
    assert array.sum() == SIZE and first.is_unwritten()
    array[SIZE // 2] = 2
    assert not first.is_unwritten() and not first.is_unwritten()
    second = watch(array)
    assert second.is_unwritten()
    assert not first.is_unwritten() and not first.covers(array.ctypes.data, array.nbytes)


def write_by_the_kernel(array):
    reading, writing = os.pipe()
    os.write(writing, b"x")
    assert os.readv(reading, [memoryview(array)[SIZE // 2 : SIZE // 2 + 1]]) == 1
    os.close(reading)
    os.close(writing)


def write_in_a_thread(array):
    thread = threading.Thread(target=array.fill, args=(3,))
    thread.start()
    thread.join()


def write_after_a_fork(array):
    child = os.fork()
    if child == 0:
        array[:] = 9
        os._exit(0)
    os.waitpid(child, 0)
    array[-mmap.PAGESIZE - 1] = 2


@pytest.mark.parametrize("write", [write_by_the_kernel, write_in_a_thread, write_after_a_fork])
def test_writes_of_any_kind_are_seen(array, write):
    watched = watch(array)
    assert watched.is_unwritten()
    write(array)
    assert not watched.is_unwritten()


def test_what_a_forked_child_writes_is_not_the_parents(array):
    watched = watch(array)
    child = os.fork()
    if child == 0:
        array[:] = 9
        watched.stop()
        os._exit(0)
    os.waitpid(child, 0)
    assert watched.is_unwritten()
    assert array[0] == 1


def test_memory_that_was_given_back_is_not_unwritten(array):
    memory = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    view = np.frombuffer(memory, dtype=np.uint8)
    view[:] = 1
    watched = watch(view)
    assert watched.is_unwritten()
    memory.madvise(mmap.MADV_DONTNEED)
    assert not watched.is_unwritten()


def test_other_memory_at_the_same_place_is_not_unwritten(array):
    memory = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    view = np.frombuffer(memory, dtype=np.uint8)
    view[:] = 1
    watched = watch(view)
    assert watched.is_unwritten()
    address = view.ctypes.data
    del view
    memory.close()
    other = np.frombuffer(mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), dtype=np.uint8)
    other.sum()
    if other.ctypes.data != address:
        pytest.skip("the kernel put it elsewhere")
    assert not watched.is_unwritten()
    watched.stop()


def test_shared_memory_and_files_are_not_watched(array, tmp_path):
    shared = np.frombuffer(mmap.mmap(-1, SIZE), dtype=np.uint8)
    shared.sum()
    assert watch(shared) is None
    path = tmp_path / "file"
    path.write_bytes(bytes(SIZE))
    mapped = np.memmap(path, mode="c")
    mapped.sum()
    assert watch(mapped) is None


def test_a_watch_over_the_same_memory_ends_the_one_before(array):
    part = array[SIZE // 4 : 3 * SIZE // 4]
    whole, half = watch(array), watch(part)
    assert half.is_unwritten() and not whole.is_unwritten()
    array[SIZE // 2] = 5
    assert not half.is_unwritten()


def test_little_memory_is_compared(array):
    assert _watch.begin(array.ctypes.data, 1000) is None
