"""The converter of traces to OTF2, its archives read again by the package itself."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from colla import _otf2

HEADER = "#Paraver (26/11/2026 at 09:05):5000000_ns:2(4,2):2:1(1:1),2(1:2,2:2),0\n"
RECORDS = """\
2:0:1:1:1:0:8001001:6
2:6:2:2:1:1000:8000007:1:8001002:11
2:6:2:2:1:2000:8000000:1:8000002:7
3:0:1:1:1:2500:2500:0:2:1:1:9000:9000:4096:3
2:0:1:1:1:2600:8009010:250
2:0:1:1:1:2700:123456:9
2:6:2:2:1:3000500:8000000:0:8000002:0
3:6:2:2:1:3000500:3000500:5:2:2:2:3002000:3002000:0:7
2:6:2:2:1:3001000:8001002:0:8000007:0
"""
LABELS = """\
STATES
0    Idle

EVENT_TYPE
0    8000000    Task
VALUES
0      End
1      count(int)

EVENT_TYPE
0    8000002    Task IDs

EVENT_TYPE
0    8000007    Type of task
VALUES
0      End
1      METHOD

EVENT_TYPE
0    8001001    API
VALUES
0      End
6      Barrier

EVENT_TYPE
0    8001002    Runtime
VALUES
0      End
11      Task Running

EVENT_TYPE
0    123456    Rounds

EVENT_TYPE
7    8009010    Node cores in use (thousandths)
"""
NAMES = """\
LEVEL NODE SIZE 2
n1
n2

LEVEL THREAD SIZE 4
MAIN APP (1.1.1)
WORKER MAIN (2.1.1)
EXECUTOR (2.2.1)
EXECUTOR (2.2.2)
"""


@pytest.fixture
def trace(tmp_path):
    for ending, text in (("prv", HEADER + RECORDS), ("pcf", LABELS), ("row", NAMES)):
        (tmp_path / f"app.{ending}").write_text(text, encoding="utf-8")
    return tmp_path / "app.prv"


def test_everything_of_a_trace_is_in_its_archive(trace, tmp_path):
    pytest.importorskip("otf2", reason="the package otf2 is not installed (python/requirements-test.txt names it)")
    import otf2.reader

    assert _otf2.main([str(trace), str(tmp_path / "archive")]) == 0
    told = []
    with otf2.reader.open(str(tmp_path / "archive" / "traces.otf2")) as archive:
        for location, event in archive.events:
            words = [type(event).__name__, location.name.split(" (")[0], event.time]
            if hasattr(event, "region"):
                words.append(event.region.name)
                words += [value for value in (event.attributes or {}).values()]
            elif hasattr(event, "msg_length"):
                words.append(event.msg_length)
            elif hasattr(event, "parameter"):
                words += [event.parameter.name, event.value]
            else:
                words += [event.metric.members[0].name, event.values[0]]
            told.append(tuple(words))
    assert told == [
        ("Enter", "MAIN APP", 0, "Barrier"),
        ("Enter", "EXECUTOR", 1000, "Task Running"),
        ("Enter", "EXECUTOR", 2000, "count(int)", 7),
        ("MpiSend", "MAIN APP", 2500, 4096),
        ("Metric", "MAIN APP", 2600, "Node cores in use (thousandths)", 250),
        ("ParameterInt", "MAIN APP", 2700, "Rounds", 9),
        ("MpiRecv", "WORKER MAIN", 9000, 4096),
        ("Leave", "EXECUTOR", 3000500, "count(int)"),
        ("Leave", "EXECUTOR", 3001000, "Task Running"),
        ("Leave", "MAIN APP", 5000000, "Barrier"),
    ]


def test_debians_tools_read_the_archive(trace, tmp_path):
    pytest.importorskip("otf2", reason="the package otf2 is not installed (python/requirements-test.txt names it)")
    if not shutil.which("otf2-print"):
        pytest.skip("there is no otf2-print here (Debian's otf2-tools)")
    assert _otf2.main([str(trace), str(tmp_path / "archive")]) == 0
    archive = tmp_path / "archive" / "traces.otf2"
    printed = subprocess.run(["otf2-print", str(archive)], capture_output=True, text=True, check=True)
    assert not printed.stderr
    assert printed.stdout.count("\nENTER ") == printed.stdout.count("\nLEAVE ") == 3
    assert 'Region: "count(int)"' in printed.stdout
    assert '("task" <0>; UINT64; 7)' in printed.stdout
    assert "\nMPI_SEND " in printed.stdout and "\nMPI_RECV " in printed.stdout


def test_a_folder_that_is_in_use_is_left_alone(trace, tmp_path, capsys):
    pytest.importorskip("otf2", reason="the package otf2 is not installed (python/requirements-test.txt names it)")
    assert _otf2.main([str(trace), str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_without_the_package_it_says_what_to_install(trace, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "otf2", None)
    assert _otf2.main([str(trace), str(tmp_path / "archive")]) == 1
    assert "pip install otf2" in capsys.readouterr().err


def test_what_is_no_trace_is_said_so(trace, tmp_path, capsys):
    pytest.importorskip("otf2", reason="the package otf2 is not installed (python/requirements-test.txt names it)")
    trace.write_text("#Paraver (26/11/2026 at 09:05):5000\n", encoding="utf-8")
    assert _otf2.main([str(trace), str(tmp_path / "archive")]) == 1
    assert "is no Paraver trace" in capsys.readouterr().err
