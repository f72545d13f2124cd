"""Values of all common types go to a task and come back as they were, with their exact type."""
import collections
import datetime
import decimal
import enum
import fractions
import math
import pathlib
import uuid
from dataclasses import dataclass

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


class Metres(float):
    """A number of a subclass keeps its class."""


class Name(str):
    """So does a string."""


@dataclass(frozen=True)
class Point:
    x: float
    y: float


Pair = collections.namedtuple("Pair", "left right")


@task(returns=object)
def same(value):
    return value


@task(returns=str)
def type_of(value):
    return type(value).__name__


VALUES = [
    None, True, False, 0, -1, 2**63 - 1, -(2**63), 2**63, 10**40, 0.0, -0.0, 1e300, math.inf, "", "text", "ünïcødé 漢字 🗼", "\ud800",
    "long " * 20_000, b"", b"bytes\x00", bytearray(b"array"), 1 + 2j, [], [1, [2, [3]]], (), (1,), (1, (2,)), {}, {"a": {"b": 1}},
    {1, 2}, frozenset({3}), range(3), slice(1, 2), datetime.date(2026, 11, 26), datetime.timedelta(seconds=3), decimal.Decimal("1.10"),
    fractions.Fraction(1, 3), pathlib.PurePosixPath("/a/b"), uuid.UUID(int=7), Colour.BLUE, Level.LOW, Metres(2.5), Name("me"), Point(1.0, 2.0),
    Pair(1, 2), collections.Counter("aab"), collections.OrderedDict(a=1), collections.deque([1, 2]), Ellipsis, int, ValueError, len, math.sqrt,
]

results = compss_wait_on([same(value) for value in VALUES])
kinds = compss_wait_on([type_of(value) for value in VALUES])
for value, result, kind in zip(VALUES, results, kinds):
    assert type(result) is type(value), (value, result)
    assert kind == type(value).__name__, (value, kind)
    assert result == value, (value, result)
    assert math.copysign(1, result) == math.copysign(1, value) if isinstance(value, float) else True
    print(f"{kind:<16} {str(value)[:30].encode('ascii', 'backslashreplace').decode()}")

assert math.isnan(compss_wait_on(same(math.nan)))
assert compss_wait_on(same(Colour.RED)) is Colour.RED
print("nan, and the same enum member")
