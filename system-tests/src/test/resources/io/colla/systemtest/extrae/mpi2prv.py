#!/usr/bin/env python3
"""Not Extrae's: makes a Paraver trace of what the stand-in beside this has recorded, called as mpi2prv is."""

import re
import sys
from pathlib import Path

assert len(sys.argv) == 6 and sys.argv[1] == "-f" and sys.argv[3:5] == ["-keep-mpits", "-o"], sys.argv
listed = Path(sys.argv[2])
target = Path(sys.argv[5])
threads = [re.fullmatch(r"(\S+) named (\S+)", line) for line in listed.read_text().splitlines()]
records = []
host = ""
for number, thread in enumerate(threads, 1):
    path = Path(thread[1])
    host = re.fullmatch(r"TRACE@(.+)\.\d{22}\.mpit", path.name)[1]
    for line in path.read_text().splitlines():
        time, *events = line.split()
        records.append((int(time), number, ":".join(events)))
records.sort()
end = records[-1][0] + 1
lines = [f"#Paraver (26/11/2026 at 09:05):{end}_ns:1(1):1:1({len(threads)}:1),0"]
lines += [f"2:0:1:1:{thread}:{time}:{events}" for time, thread, events in records]
target.write_text("\n".join(lines) + "\n")
labels = ["STATES\n0 Idle\n", "EVENT_TYPE\n7 42000050 Instr completed (PAPI_TOT_INS)\n", "EVENT_TYPE\n0 40000050 Clock"]
for line in listed.with_suffix(".sym").read_text().splitlines():
    kind, number, label = line.split(" ", 2)
    if kind == "T":
        labels.append(f"\nEVENT_TYPE\n0 {number} {label}")
    else:
        if labels[-1].startswith("\nEVENT_TYPE"):
            labels.append("VALUES")
        labels.append(f"{number} {label}")
target.with_suffix(".pcf").write_text("\n".join(labels) + "\n")
names = [f"LEVEL NODE SIZE 1\n{host}\n", f"LEVEL THREAD SIZE {len(threads)}"] + [thread[2] for thread in threads]
target.with_suffix(".row").write_text("\n".join(names) + "\n")
print("mpi2prv: a stand-in's trace of", len(threads), "threads")
