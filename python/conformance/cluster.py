"""The test cluster, as its plain user sees it: programs in batch jobs on three nodes."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

from programs import FOLDER, Program
from running import LIMIT, Ended, home

USER = "colla-test"
PYTHON = "/usr/bin/python3"  # which every user on every host can run
NODES = ("node1", "node2", "node3")


class Cluster:
    """A running test cluster (`scripts/testcluster/cluster up 3`), and a folder of our own in its shared one."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.work = state / "work" / f"python-{uuid.uuid4().hex[:8]}"
        self.work.mkdir()
        self.work.chmod(0o777)
        self.programs = self._copy(FOLDER, "programs")
        self.site = self.work / "site"
        self.modules = self._compiled()

    def _copy(self, source: Path, name: str) -> Path:
        """A copy that the plain user can read: the checkout may be hidden from it."""
        target = self.work / name
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
        return target

    def _compiled(self) -> tuple[str, ...]:
        """Makes a folder with those compiled modules for `PYTHON` that fit it: the tests' own environment may lie where the plain user cannot look."""
        version = subprocess.run([PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True).stdout.split()
        if tuple(map(int, version)) != sys.version_info[:2]:
            return ()
        found = []
        for name in ("numpy", "mpi4py"):
            spec = importlib.util.find_spec(name)
            if spec is None or spec.origin is None:
                continue
            found.append(name)
            package = Path(spec.origin).parent
            for folder in (name, f"{name}.libs"):
                if (package.parent / folder).exists():
                    self._copy(package.parent / folder, f"site/{folder}")
        return tuple(found)

    def on(self, host: str, *command: str, limit: float = 60) -> str:
        """What a command of the plain user prints. Raises CalledProcessError with its output if it fails."""
        words = [str(self.state / "cluster"), "on", host, "--user", USER, *command]
        done = subprocess.run(words, cwd=self.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)
        if done.returncode:
            raise AssertionError(f"{shlex.join(words)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def folder(self, program: Program) -> Path:
        return self.work / "runs" / program.name

    def run_all(self, programs: list[Program], limit: float) -> None:
        """Runs the programs one after the other in one job on three nodes, and waits for its end, at most `limit` seconds."""
        lines = ["#!/bin/bash", f"export PYTHONPATH={shlex.quote(str(self.site))}", "export PYTHONDONTWRITEBYTECODE=1"]
        for program in programs:
            folder = shlex.quote(str(self.folder(program)))
            command = [str(home() / "bin/colla"), "run", "--quiet", "--python", PYTHON, *program.options, str(self.programs / program.path.name), *program.arguments]
            lines.append(f"mkdir -p {folder} && cd {folder} && timeout --kill-after=20 {LIMIT} {shlex.join(command)} >out 2>err </dev/null; echo $? >code")
        done = self.work / "done"
        lines.append(f"touch {shlex.quote(str(done))}")
        script = self.work / "job.sh"
        script.write_text("\n".join(lines) + "\n")
        (self.work / "runs").mkdir()
        (self.work / "runs").chmod(0o777)
        said = self.work / "job.out"
        job = self.on("ctl", "sbatch", "--parsable", "-N3", "-n3", "-c2", "--time=30", f"--output={said}", str(script)).strip()
        deadline = time.monotonic() + limit
        while not done.exists():
            if time.monotonic() > deadline:
                self.on("ctl", "scancel", job)
                ended = sorted(path.parent.name for path in (self.work / "runs").glob("*/code"))
                raise AssertionError(f"job {job} has not ended within {limit:.0f} s; programs that ended: {ended}\n{said.read_text() if said.exists() else ''}")
            time.sleep(0.1)  # the job's end is a file on a shared file system, which tells nobody

    def ended(self, program: Program) -> Ended:
        folder = self.folder(program)
        return Ended(int((folder / "code").read_text()), (folder / "out").read_text(), (folder / "err").read_text())

    def close(self) -> None:
        if not os.environ.get("COLLA_KEEP"):
            shutil.rmtree(self.work, ignore_errors=True)
