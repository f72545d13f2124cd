"""Prints what the tests call, packed as a program packs it: a line for each, name, body and specs in base64."""

import base64
import pickle
import sys

import cloudpickle


def nothing():
    pass


def add(a, b):
    return a + b


def say(text):
    print(text, flush=True)
    return text


def fail(text):
    print("before the end", flush=True)
    raise ValueError(text)


def crash(kind):
    import os
    import signal

    print("about to", kind, flush=True)
    if kind == "exit":
        os._exit(3)
    os.kill(os.getpid(), getattr(signal, kind))


def pid():
    import os

    return os.getpid()


def busy(seconds):
    import time

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return 1


def mark(path):
    """Leaves its process' number in a file, then works for long."""
    import os
    import time

    with open(path + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(path + ".new", path)
    for _ in range(600):
        time.sleep(0.1)


def stubborn(path):
    """As mark, but does not want to end."""
    while True:
        try:
            mark(path)
        except BaseException:
            continue


def child(path):
    """Starts a process that outlives this one."""
    import os
    import subprocess

    process = subprocess.Popen(["sleep", "600"])
    with open(path + ".new", "w") as file:
        file.write(f"{os.getpid()} {process.pid}")
    os.rename(path + ".new", path)
    process.wait()


def large(count):
    return bytes(count)


def count(path):
    """Adds a line to a file, and works a little."""
    import os

    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b"+\n")
    os.close(file)
    return 1


def step(path, number, what):
    """Adds its number to a file; then ends, lasts or crashes."""
    import os
    import time

    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b"%d\n" % number)
    os.close(file)
    if what == "lasts":
        time.sleep(60)
    elif what == "naps":
        time.sleep(0.05)
    elif what == "works":
        sum(range(2_000_000))
    elif what == "crashes":
        os._exit(1)
    return number


def spec(results, *arguments):
    return bytes([results]) + pickle.dumps(arguments)


def encoded(data):
    return base64.b64encode(data).decode()


print("path", ":".join(sys.path))
for each in (nothing, add, say, fail, crash, pid, busy, mark, stubborn, child, large, count, step):
    each.__module__ = "__main__"
    print("body", each.__name__, encoded(cloudpickle.dumps((each, each.__name__, None, None, False))))
for line in sys.stdin:
    print(encoded(eval("spec(" + line.rstrip("\n") + ")")), flush=True)
