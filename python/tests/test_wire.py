"""Frames and values of the protocol, byte by byte."""

import pytest

from colla import _wire


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, "00"),
        (False, "01"),
        (True, "02"),
        (-2, "03feffffffffffffff"),
        (2**63 - 1, "03ffffffffffffff7f"),
        (1.5, "04000000000000f83f"),
        ("hé", "050300000068c3a9"),
        ("", "0500000000"),
    ],
)
def test_scalars_travel_as_themselves(value, encoded):
    assert _wire.scalar(value).hex() == encoded
    back, end = _wire.read_value(bytes.fromhex(encoded), 0)
    assert back == value and type(back) is type(value) and end == len(encoded) // 2


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "x" * 65537, "é" * 40000, "\ud800", b"b", [1], object()])
def test_anything_else_has_to_be_packed(value):
    assert _wire.scalar(value) is None


def test_instances_of_subclasses_keep_their_class_by_being_packed():
    class Number(int):
        pass

    assert _wire.scalar(Number(1)) is None


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        (_wire.inline(b"abc"), _wire.Inline(b"abc")),
        (_wire.mapped("/dev/shm/a", 2**40), _wire.Mapped("/dev/shm/a", 2**40)),
        (_wire.path("/tmp/ä b"), _wire.File("/tmp/ä b")),
        (_wire.NOTHING_BYTES, _wire.NOTHING),
    ],
)
def test_other_values_come_back_from_inside_a_frame(encoded, value):
    assert _wire.read_value(memoryview(b"..." + encoded + b"."), 3) == (value, 3 + len(encoded))


def test_an_unknown_tag_is_an_error():
    with pytest.raises(_wire.ProtocolError, match="unknown tag 77"):
        _wire.read_value(b"\x4d", 0)


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_frames_are_found_however_the_stream_is_cut(piece):
    sent = [(1, b""), (9, b"abc"), (255, b"x" * 300), (2, b"end")]
    stream = b"".join(_wire.frame(kind, body) for kind, body in sent)
    frames = _wire.Frames()
    found = []
    for at in range(0, len(stream), piece):
        found += [(kind, bytes(body)) for kind, body in frames.feed(stream[at : at + piece])]
    assert found == sent


def test_json_fills_its_frame():
    assert _wire.json_frame(13, {"a": 1}, b"\x01\x00\x00\x00").hex() == "100000000d01000000070000007b2261223a317d"


def test_a_failure_is_read_from_the_rest_of_a_frame():
    body = b"\x01" + b"".join(map(_wire.string, ["f #3", "node1", "ValueError: x", "Traceback"])) + b"packed"
    assert _wire.read_failure(body, 0) == _wire.Failure(1, "f #3", "node1", "ValueError: x", "Traceback", b"packed")
