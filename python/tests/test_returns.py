"""How many values a function returns."""

import typing

import pytest

from colla import UsageError
from colla._returns import declared, inferred, named


@pytest.mark.parametrize(
    "returns, count",
    [(None, 0), (0, 0), (1, 1), (3, 3), (int, 1), (list, 1), ([int, str], 2), ((int, [1], {}), 3), ("2", 2), ("n", "n"), ({1: 2}, 1)],
)
def test_declared(returns, count):
    assert declared("f", returns) == count


def test_a_negative_number_is_an_error():
    with pytest.raises(UsageError, match="returns of f is -1"):
        declared("f", -1)


def test_named():
    assert named("f", "n", {"n": 3}, {"n": 4}) == 3
    assert named("f", "n", {}, {"n": 4}) == 4
    assert named("f", "int", {}, {}) == 1
    with pytest.raises(UsageError, match="'coutn', which is neither.*did you mean 'count'"):
        named("f", "coutn", {"count": 1}, {})


def nothing(x):
    x + 1


def bare(x):
    return


def one(x):
    return x


def pair(x):
    if x:
        return 0, x
    return x, 1


def choice(x):
    return (1, 2, 3) if x else None


def inner(x):
    def other():
        return 1, 2

    return other


def within(x):
    with open(x) as file:
        return file, x


def generator(x):
    yield x
    yield x


def starred(x):
    return (*x, 1)


def annotated(x) -> int:
    return x


def annotated_none(x) -> None:
    pass


def annotated_pair(x) -> typing.Tuple[int, str]:
    return x


def annotated_many(x) -> "typing.Tuple[int, ...]":
    return x


def annotated_text(x) -> "tuple[int, int, int]":
    return x


@pytest.mark.parametrize(
    "function, count",
    [
        (nothing, 0), (bare, 0), (one, 1), (pair, 2), (choice, 3), (inner, 1), (within, 2), (generator, 1), (starred, 1), (annotated, 1),
        (annotated_none, 0), (annotated_pair, 2), (annotated_many, 1), (annotated_text, 3), (len, 1),
        (lambda x: (x, x), 2),
        (lambda x: x, 1),
    ],
)  # fmt: skip
def test_inferred(function, count):
    assert inferred(function) == count


def test_inferred_without_source():
    space = {}
    exec("def f(x):\n    return x, 1\ndef g(x):\n    x = 1\ndef h(x):\n    return [x]\ndef k(x):\n    return 1, 2", space)
    assert [inferred(space[name]) for name in "fghk"] == [2, 0, 1, 2]
