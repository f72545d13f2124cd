"""``python -m colla.doctor``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from colla import _gateway, doctor
from colla._errors import UsageError
from colla.doctor import Finding, Level

SOURCES = str(Path(__file__).parents[1] / "src")


def test_this_interpreter_will_do():
    for check in (doctor.check_interpreter, doctor.check_packages, doctor.check_cloudpickle):
        assert check().level is Level.GOOD, check()
    assert ".".join(map(str, sys.version_info[:3])) in doctor.check_interpreter().text


def test_an_old_interpreter_and_an_old_cloudpickle_are_in_the_way(monkeypatch):
    monkeypatch.setattr(doctor, "_LEAST_PYTHON", (9, 9))
    assert doctor.check_interpreter().level is Level.BAD
    assert "9.9 or newer" in doctor.check_interpreter().advice
    monkeypatch.setattr(doctor, "_version", lambda package: "2.2.1")
    assert "too old" in doctor.check_cloudpickle().text


def test_what_a_program_may_lack_is_a_note(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda package: None)
    assert doctor.check_numpy().level is Level.HINT
    assert "pip install ipykernel" in doctor.check_notebooks().advice
    assert "pip install mpi4py" in doctor.check_mpi().advice


def test_the_mpi_of_mpi4py_is_named(monkeypatch, tmp_path):
    pytest.importorskip("mpi4py")
    assert " uses Open MPI" in doctor.check_mpi().text
    (tmp_path / "mpi4py.py").write_text("raise ImportError('libmpi.so.40: cannot open shared object file')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert doctor.check_mpi().text.endswith("does not work: ImportError: libmpi.so.40: cannot open shared object file")
    assert "load the MPI module" in doctor.check_mpi().advice


def test_another_pycompss_is_in_the_way(monkeypatch, tmp_path):
    (tmp_path / "pycompss").mkdir()
    (tmp_path / "pycompss" / "__init__.py").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", "from colla import doctor; print(doctor.check_packages())"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{SOURCES}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"FAIL  pycompss is not Colla's: it is imported from {tmp_path / 'pycompss'}\n      -> uninstall")


def test_a_missing_command_is_said_with_what_to_do(monkeypatch):
    def missing():
        raise UsageError("there is no `colla` command here: set COLLA_HOME")

    monkeypatch.setattr(_gateway, "command", missing)
    assert doctor.check_command() == Finding(Level.BAD, "there is no `colla` command here", "set COLLA_HOME")


def test_a_command_that_fails_is_said_with_its_words(monkeypatch, tmp_path):
    command = tmp_path / "colla"
    command.write_text("#!/bin/sh\necho 'no Java found' >&2\nexit 3\n")
    command.chmod(0o755)
    monkeypatch.setattr(_gateway, "command", lambda: str(command))
    assert "does not run: no Java found" in doctor.check_command().text


def test_a_run_that_fails_is_said_with_its_last_words(monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "colla"
    command.write_text("#!/bin/sh\necho 'no port is free' >&2\nexit 3\n")
    command.chmod(0o755)
    monkeypatch.setenv("COLLA_HOME", str(tmp_path))
    finding = doctor.check_task()
    assert finding.level is Level.BAD
    assert "no port is free" in finding.text


def test_after_something_bad_no_run_is_tried(capsys):
    assert doctor.main([lambda: Finding(Level.BAD, "bad", "mend it"), doctor.check_task]) == 1
    assert capsys.readouterr().out == "FAIL  bad\n      -> mend it\nnote  a run was not tried, because of what failed above\n"
    assert doctor.main([lambda: Finding(Level.GOOD, "well")]) == 0


def test_all_is_well_with_the_installed_command():
    try:
        _gateway.command()
    except UsageError:
        pytest.skip("there is no installed colla command: COLLA_HOME names one")
    done = subprocess.run(
        [sys.executable, "-m", "colla.doctor"], env={**os.environ, "PYTHONPATH": SOURCES}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a run with one task works" in done.stdout
    assert done.stderr == ""
