"""Objects on their way: packed, in frames and files, changed in place, and what cannot travel."""

from __future__ import annotations

import errno
import io
import os
import pickle
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from colla import _mapping, _objects, _serializers, _wire, register_serializer
from colla._objects import Folders, Unpicklable, encode, load, load_in_place, pack, store_in_place, unpack

SOURCES = Path(__file__).resolve().parents[1] / "src"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in ("shm", "disk"):
        (tmp_path / name).mkdir()
    return Folders(str(tmp_path / "shm"), str(tmp_path / "disk"))


def encoded(obj: object, folders: Folders) -> object:
    """The value as the other side reads it."""
    data = encode(obj, folders)
    value, end = _wire.read_value(data, 0)
    assert end == len(data)
    return value


def test_packed_objects_are_as_the_protocol_says() -> None:
    packed = pack([bytearray(b"x" * 10), pickle.PickleBuffer(bytearray(b"y" * 5_000))])
    data = packed.to_bytes()
    magic, count, length, size = struct.unpack_from("<IIQQ", data)
    assert (magic, count, size) == (0x314F5043, 1, 5_000)
    start = (24 + length + 63) // 64 * 64
    assert data[start:] == b"y" * 5_000
    assert packed.size == len(data)
    assert unpack(data)[0] == bytearray(b"x" * 10)


@pytest.mark.parametrize("obj", [None, True, False, 5, -(2**63), 2.5, "text", ""])
def test_scalars_travel_as_themselves(obj, folders) -> None:
    value = encoded(obj, folders)
    assert type(value) is type(obj)
    assert load(value) == obj


class Small(int):
    pass


@pytest.mark.parametrize("obj", [2**63, Small(3), "\ud800", (1, [2, {"a": {3}}]), b"bytes", 1j])
def test_other_small_objects_travel_inline(obj, folders) -> None:
    value = encoded(obj, folders)
    assert type(value) is _wire.Inline
    assert load(value) == obj
    assert type(load(value)) is type(obj)


def test_large_objects_go_to_files_named_after_the_process(folders) -> None:
    value = encoded(b"x" * 100_000, folders)
    assert value.path == os.path.join(folders.shm, f"{os.getpid()}-1")
    assert os.stat(value.path).st_size == value.size
    assert os.stat(value.path).st_mode & 0o777 == 0o600
    assert load(value) == b"x" * 100_000
    assert encoded(b"x" * 100_000, folders).path.endswith("-2")


def test_the_second_folder_is_used_when_the_first_is_full(folders, monkeypatch) -> None:
    write = os.writev
    first = iter([OSError(errno.ENOSPC, "full")])

    def full_at_first(fd: int, parts: list) -> int:
        for error in first:
            write(fd, [b"beginning"])
            raise error
        return write(fd, parts)

    monkeypatch.setattr(os, "writev", full_at_first)
    value = encoded(b"x" * 100_000, folders)
    assert os.path.dirname(value.path) == folders.disk
    assert os.listdir(folders.shm) == []
    assert load(value) == b"x" * 100_000


def test_no_space_anywhere_is_told(folders, monkeypatch) -> None:
    def full(fd: int, parts: list) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "writev", full)
    with pytest.raises(OSError, match=r"no space left for an object of 97\.\d KiB, neither in .*shm nor in .*disk"):
        encode(b"x" * 100_000, folders)
    assert os.listdir(folders.shm) == os.listdir(folders.disk) == []


def test_short_writes_are_continued(folders, monkeypatch) -> None:
    write = os.writev
    monkeypatch.setattr(os, "writev", lambda fd, parts: write(fd, [next(p for p in parts if p.nbytes)[:7_777]]))
    numpy = pytest.importorskip("numpy")
    obj = [numpy.arange(i, i + 3_000) for i in range(20)]
    assert all((a == b).all() for a, b in zip(load(encoded(obj, folders)), obj))


def test_more_buffers_than_the_kernel_takes_at_once(folders) -> None:
    numpy = pytest.importorskip("numpy")
    obj = [numpy.full(200, i) for i in range(3_000)]
    assert all((a == b).all() for a, b in zip(load(encoded(obj, folders)), obj))


@pytest.mark.parametrize("data", [b"", b"CPO1", b"x" * 100, struct.pack("<IIQ", 0x314F5043, 2, 4) + b"abcd"])
def test_what_is_no_packed_object_is_refused(data) -> None:
    with pytest.raises((ValueError, struct.error)):
        unpack(data)


def test_a_file_that_is_too_short_is_refused(folders) -> None:
    value = encoded(b"x" * 200_000, folders)
    os.truncate(value.path, 1_000)
    with pytest.raises(OSError, match="has 1000 of its 200"):
        load(value)


class TestArrays:
    """numpy arrays, which should not be copied more than once."""

    numpy = pytest.importorskip("numpy")

    ARRAYS = {
        "zero-dimensional": numpy.array(3.5),
        "empty": numpy.zeros((0, 5)),
        "small": numpy.arange(10),
        "inline": numpy.arange(1_000),
        "large": numpy.arange(100_000.0).reshape(100, 1_000),
        "fortran": numpy.asfortranarray(numpy.arange(100_000.0).reshape(100, 1_000)),
        "transposed": numpy.arange(100_000.0).reshape(100, 10, 100).transpose(1, 2, 0),
        "strided": numpy.arange(1_000_000.0).reshape(1_000, 1_000)[::3, ::2],
        "reversed": numpy.arange(100_000)[::-1],
        "structured": numpy.zeros(20_000, dtype=[("a", "i4"), ("b", "f8"), ("c", "S3")]),
        "objects": numpy.array([1, "a", None, [2]] * 10_000, dtype=object),
        "strings": numpy.array(["abc", "defgh"] * 10_000),
        "dates": numpy.arange("2020-01-01", "2130-01-01", dtype="datetime64[D]"),
        "big-endian": numpy.arange(100_000, dtype=">i4"),
        "booleans": numpy.arange(100_000) % 2 == 0,
    }

    @pytest.mark.parametrize("name", ARRAYS)
    def test_any_layout_travels(self, name, folders) -> None:
        array = self.ARRAYS[name]
        got = load(encoded(array, folders))
        assert got.dtype == array.dtype
        assert got.shape == array.shape
        assert (got == array).all()
        assert got.flags.writeable

    @pytest.mark.parametrize("name", ["large", "fortran", "strided", "transposed", "structured", "dates"])
    def test_large_content_stays_out_of_the_pickle(self, name) -> None:
        packed = pack(self.ARRAYS[name])
        assert len(packed.pickle) < 1_000
        assert sum(buffer.nbytes for buffer in packed.buffers) == self.ARRAYS[name].nbytes

    def test_masked_arrays_and_memory_maps_travel(self, folders, tmp_path) -> None:
        numpy = self.numpy
        masked = numpy.ma.masked_array(numpy.arange(50_000), mask=numpy.arange(50_000) % 3 == 0)
        got = load(encoded(masked, folders))
        assert (got.mask == masked.mask).all()
        assert (got == masked).all()
        mapped = numpy.memmap(tmp_path / "file", dtype="f8", mode="w+", shape=50_000)
        mapped[:] = 7
        assert (numpy.asarray(load(encoded(mapped, folders))) == 7).all()

    def test_writing_to_a_loaded_array_is_private(self, folders) -> None:
        value = encoded(self.numpy.zeros(100_000), folders)
        one, two = load(value), load(value)
        one += 1
        assert (two == 0).all()
        assert (load(value) == 0).all()
        assert one.ctypes.data % 64 == 0

    def test_a_read_only_array_stays_read_only(self, folders) -> None:
        array = self.numpy.zeros(100_000)
        array.flags.writeable = False
        assert not load(encoded(array, folders)).flags.writeable

    def test_an_array_outlives_its_file(self, folders) -> None:
        value = encoded(self.numpy.arange(100_000), folders)
        array = load(value)
        os.unlink(value.path)
        assert array.sum() == 100_000 * 99_999 // 2

    def test_loaded_arrays_keep_no_descriptors(self, folders) -> None:
        value = encoded(self.numpy.zeros(100_000), folders)
        before = len(os.listdir("/proc/self/fd"))
        arrays = [load(value) for _ in range(20)]
        assert len(os.listdir("/proc/self/fd")) == before
        del arrays

    def test_memory_is_unmapped_with_the_array(self, folders) -> None:
        value = encoded(self.numpy.zeros(100_000), folders)
        array = load(value)
        assert value.path in Path("/proc/self/maps").read_text()
        del array
        assert value.path not in Path("/proc/self/maps").read_text()

    def test_data_frames_travel_without_copies(self, folders) -> None:
        pandas = pytest.importorskip("pandas")
        frame = pandas.DataFrame({"a": self.numpy.arange(50_000.0), "b": self.numpy.arange(50_000)})
        packed = pack(frame)
        assert len(packed.pickle) < 5_000
        assert load(encoded(frame, folders)).equals(frame)

    def test_arrow_tables_travel_without_copies(self, folders) -> None:
        pyarrow = pytest.importorskip("pyarrow")
        table = pyarrow.table({"a": self.numpy.arange(50_000.0)})
        assert len(pack(table).pickle) < 5_000
        assert load(encoded(table, folders)).equals(table)


class Model:
    """Arrays and a small state, as an estimator has them."""

    def __init__(self) -> None:
        import numpy

        self.weights = numpy.zeros(50_000)
        self.bias = numpy.zeros((300, 300))
        self.steps = 0


class TestInPlace:
    pytest.importorskip("numpy")

    def test_changed_buffers_and_state_are_in_the_same_file(self, folders) -> None:
        value = encoded(Model(), folders)
        model, file = load_in_place(value)
        model.weights += 1
        model.bias[5] = 2
        model.steps = 1
        assert _wire.read_value(store_in_place(model, file), 0)[0] == value
        got = load(value)
        assert (got.weights == 1).all()
        assert (got.bias[5] == 2).all()
        assert got.steps == 1
        assert os.stat(value.path).st_size == value.size

    def test_a_state_that_does_not_fit_needs_another_file(self, folders) -> None:
        model, file = load_in_place(encoded(Model(), folders))
        model.steps = "many " * 100
        assert store_in_place(model, file) is None

    def test_other_buffers_need_another_file(self, folders) -> None:
        model, file = load_in_place(encoded(Model(), folders))
        model.weights = model.weights + 1
        assert store_in_place(model, file) is None
        model.weights, model.bias = model.bias, model.weights
        assert store_in_place(model, file) is None

    def test_nothing_is_changed_under_the_hands_of_others(self, folders) -> None:
        value = encoded(Model(), folders)
        kept = load(value)
        model, file = load_in_place(value)
        assert file is None
        model.weights += 1
        assert (kept.weights == 0).all()
        del kept, model
        model, file = load_in_place(value)
        assert file is not None

    def test_objects_without_buffers_are_copies(self, folders) -> None:
        value = encoded(list(range(50_000)), folders)
        obj, file = load_in_place(value)
        assert obj == list(range(50_000))
        assert file is None

    def test_a_mapping_of_another_process_counts(self, folders) -> None:
        value = encoded(Model(), folders)
        script = "import mmap, sys; f = open(sys.argv[1]); m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY); f.close(); print(); input()"
        other = subprocess.Popen([sys.executable, "-c", script, value.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        other.stdout.readline()
        assert not _mapping.is_ours_alone(value.path)
        other.communicate("\n", timeout=30)
        assert _mapping.is_ours_alone(value.path)


class WithSlots:
    __slots__ = ("inner",)


class Meta:
    def __reduce__(self):
        raise RuntimeError("not today")


class TestWhatCannotTravel:
    @staticmethod
    def explained(obj: object) -> Unpicklable:
        with pytest.raises(Unpicklable) as caught:
            pack(obj)
        return caught.value

    def test_the_place_is_told(self) -> None:
        slots = WithSlots()
        slots.inner = [1, threading.Lock()]
        error = self.explained({"model": ["a", slots]})
        assert error.path == "['model'][1].inner[1]"
        assert error.type_name == "_thread.lock"
        assert "cannot pickle" in error.reason
        assert error.of("argument x of f").startswith("argument x of f['model'][1].inner[1] is a _thread.lock, which cannot")

    def test_the_object_itself(self) -> None:
        error = self.explained(threading.Lock())
        assert error.path == ""
        assert str(error).startswith("a _thread.lock cannot be pickled")

    def test_a_generator(self) -> None:
        error = self.explained((i for i in range(3)))
        assert (error.path, error.type_name) == ("", "generator")

    def test_a_types_own_error(self) -> None:
        assert self.explained([Meta()]).reason == "RuntimeError: not today"

    def test_a_function_with_such_a_variable(self) -> None:
        lock = threading.Lock()

        def locked():
            return lock

        assert self.explained([locked]).path == "[0] (its variable lock)"

    def test_a_cycle_ends(self) -> None:
        cycle: list = [threading.Lock()]
        cycle.insert(0, cycle)
        assert self.explained(cycle).path == "[1]"

    def test_no_end_of_depth(self) -> None:
        deep: list = []
        for _ in range(100_000):
            deep = [deep]
        assert "recursion" in self.explained(deep).reason.lower()

    def test_errors_of_ours_pass_through(self) -> None:
        from colla import UsageError

        class Future:
            def __reduce__(self):
                raise UsageError("wait for it")

        with pytest.raises(UsageError, match="^wait for it$"):
            pack([Future()])


class Handle:
    """Cannot be pickled by itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()


class TestSerializers:
    @pytest.fixture(autouse=True)
    def forgotten(self, monkeypatch):
        monkeypatch.setattr(_serializers, "_serializers", {})
        monkeypatch.setattr(_serializers, "_table_of", (-1, False))
        yield
        _serializers._table_of = (-1, False)

    def test_a_registered_type_travels(self, folders) -> None:
        register_serializer(Handle, _name, Handle)
        assert load(encoded([Handle("a"), 1], folders))[0].name == "a"

    def test_a_serializer_travels_with_the_objects(self, folders) -> None:
        register_serializer(Handle, _name, Handle)
        data = pack(Handle("a")).to_bytes()
        _serializers._serializers.clear()
        _serializers._table_of = (-1, False)
        handle = unpack(data)
        assert unpack(pack(handle).to_bytes()).name == "a"

    def test_serializers_travel_with_functions(self) -> None:
        from colla import task
        from colla._calls import function_body
        from colla.worker.invoke import load_function

        register_serializer(Handle, _name, Handle)
        body = function_body(task(returns=1)(_name))
        _serializers._serializers.clear()
        _serializers._table_of = (-1, False)
        assert load_function(body).name == "_name"
        assert unpack(pack(Handle("a")).to_bytes()).name == "a"

    def test_mistakes_are_told(self) -> None:
        with pytest.raises(TypeError, match="needs a class first, not 'Handle'"):
            register_serializer("Handle", _name, Handle)
        with pytest.raises(TypeError, match="register_serializer for Handle: unpack must be a function, not None"):
            register_serializer(Handle, _name, None)


def _name(handle: Handle) -> str:
    return handle.name


def run_program(tmp_path: Path, text: str) -> str:
    """Runs a program whose ``__main__`` matters, and returns what it prints."""
    script = tmp_path / "program.py"
    script.write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_main_defines_is_contained(tmp_path) -> None:
    """The program packs, another process unpacks."""
    program = """
from colla import _objects
from dataclasses import dataclass
from enum import Enum
class Colour(Enum):
    RED = 1
@dataclass
class Point:
    x: int
    def double(self):
        return helper(self.x)
class Child(Point):
    pass
def helper(x):
    return FACTOR * x
FACTOR = 2
print(_objects.pack([Point(4), Child(5), Colour.RED, helper, Point, lambda x: Child(x).double()]).to_bytes().hex())
"""
    point, child, colour, helper, cls, function = unpack(bytes.fromhex(run_program(tmp_path, program)))
    assert type(point) is cls
    assert isinstance(child, cls)
    assert (point.double(), child.double(), helper(3), function(10)) == (8, 10, 6, 20)
    assert type(colour)(1) is colour


def test_a_class_is_packed_once_until_it_may_have_changed(tmp_path) -> None:
    program = """
from colla import _objects, _byvalue
class Point:
    def value(self): return helper()
def helper(): return 1
one = _objects.pack(Point()).to_bytes()
def helper(): return 2
same = _objects.pack(Point()).to_bytes()
_objects.forget_classes()
two = _objects.pack(Point()).to_bytes()
again = _objects.pack(Point()).to_bytes()
print(one == same, two == again, one.hex(), two.hex())
del _byvalue
"""
    same, again, one, two = run_program(tmp_path, program).split()
    assert (same, again) == ("True", "True")
    receive = f"""
from colla import _objects, _byvalue
_byvalue.use_own_main(None)
first = _objects.unpack(bytes.fromhex("{one}"))
print(first.value())
second = _objects.unpack(bytes.fromhex("{two}"))
print(second.value(), type(first) is type(second), first.value())
late = _objects.unpack(bytes.fromhex("{one}"))
print(late.value())
"""
    assert run_program(tmp_path, receive) == "1\n2 True 2\n2\n"


def test_a_program_without_classes_of_its_own_does_not_import_cloudpickle(tmp_path) -> None:
    program = """
import sys
from colla import _objects
_objects.pack([1, {"a": 2}])
print("cloudpickle" in sys.modules, "numpy" in sys.modules, "ctypes" in sys.modules)
"""
    assert run_program(tmp_path, program) == "False False False\n"


def test_buffers_may_be_taken_elsewhere() -> None:
    buffers: list = []
    data = _objects.dumps(pickle.PickleBuffer(bytearray(b"x" * 10)), buffers.append)
    assert pickle.loads(data, buffers=[b.raw() for b in buffers]) == bytearray(b"x" * 10)
    assert isinstance(pickle.loads(_objects.dumps(io.BytesIO(b"x"))), io.BytesIO)
