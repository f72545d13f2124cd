"""Starts and reaps programs, one at a time, for the JVM that is its parent.

Runs under any Python from 3.6, isolated and without site-packages. Arguments: the FIFO to read requests from, the FIFO to
write replies to, the process id of the JVM, and "spawn" or "fork".

A request is a 32-bit little-endian length and that many bytes: fields separated by NUL, the first of them an operation.
A reply is 40 bytes: REPLY. The process is a child subreaper, so every descendant of a program that outlives its parent becomes a
child of this process: when it has no child left after a program ended, nothing was left behind.
"""
import ctypes
import errno
import os
import resource
import select
import signal
import struct
import sys
import time

REPLY = struct.Struct("<cxxxiqqqq")
PR_SET_CHILD_SUBREAPER = 36
FOLDER, STDIN, STDOUT, STDERR, BINDING, EXEC = 1, 2, 3, 4, 5, 6
LEFT_BEHIND_DEADLINE = 5.0
FLAGS = {
    60: os.O_RDONLY | os.O_CLOEXEC,
    62: os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC,
    43: os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC,
}


class Helper:
    def __init__(self, requests, replies, parent, use_fork):
        self.replies = os.open(replies, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self.requests = os.open(requests, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(self.replies, True)
        self.null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        self.environment = dict(os.environb)
        self.environment.pop(b"", None)
        self.use_fork = use_fork or not can_posix_spawn()
        self.cpus = self.all_cpus = os.sched_getaffinity(0)
        self.buffer = b""
        self.pid = 0
        self.task = None
        self.kill_at = None
        self.wake_at = None
        self.woken, wake = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake)
        self.poller = select.poll()
        self.poller.register(self.requests, select.POLLIN)
        self.poller.register(self.woken, select.POLLIN)
        self.parent = -1
        if hasattr(os, "pidfd_open"):
            try:
                self.parent = os.pidfd_open(parent)
                self.poller.register(self.parent, select.POLLIN)
            except OSError as e:
                if e.errno == errno.ESRCH:
                    raise SystemExit(0)
        if os.getppid() != parent:
            raise SystemExit(0)

    def reply(self, kind, a=0, b=0, c=0, d=0, e=0):
        os.write(self.replies, REPLY.pack(kind, a, b, c, d, e))

    def run(self):
        self.reply(b"H")
        while True:
            for fd, _ in self.poller.poll(self.timeout()):
                if fd == self.requests:
                    data = os.read(fd, 1 << 20)
                    if not data:
                        return
                    self.receive(data)
                elif fd == self.woken:
                    os.read(fd, 4096)
                    self.reap()
                elif fd == self.parent:
                    return
            if self.kill_at is not None or self.wake_at is not None:
                self.timers()

    def timeout(self):
        deadlines = [t for t in (self.kill_at, self.wake_at) if t is not None]
        return max(0, int((min(deadlines) - time.monotonic()) * 1000) + 1) if deadlines else None

    def timers(self):
        now = time.monotonic()
        if self.kill_at is not None and now >= self.kill_at:
            self.kill_at = None
            self.kill(signal.SIGKILL, True)
        if self.wake_at is not None and now >= self.wake_at:
            self.wake_at = None
            self.reply(b"O")

    def receive(self, data):
        buffer = self.buffer + data if self.buffer else data
        while len(buffer) >= 4:
            end = 4 + int.from_bytes(buffer[:4], "little")
            if len(buffer) < end:
                break
            self.request(buffer[4:end].split(b"\0"))
            buffer = buffer[end:]
        self.buffer = buffer

    def request(self, fields):
        operation = fields[0]
        if operation == b"S":
            self.start(fields)
        elif fields[1] != self.task:
            return
        elif operation == b"K":
            self.kill(int(fields[2]), fields[3] == b"1")
        elif operation == b"T":
            self.kill(signal.SIGTERM, True)
            self.kill(signal.SIGCONT, True)
            self.kill_at = time.monotonic() + int(fields[2]) / 1000
        elif operation == b"W":
            self.wake_at = time.monotonic() + int(fields[2]) / 1000

    def kill(self, number, group):
        if self.pid:
            try:
                os.kill(-self.pid if group else self.pid, number)
            except OSError:
                pass

    def start(self, fields):
        _, task, program, folder, stdin, stdout, stderr, cpus, limit, inherited, arguments, unset = fields[:12]
        first_unset = 12 + int(arguments)
        first_set = first_unset + int(unset)
        environment = self.environment if inherited == b"1" else {}
        if len(fields) > first_unset:
            environment = environment.copy()
            for name in fields[first_unset:first_set]:
                environment.pop(name, None)
            for entry in fields[first_set:]:
                name, _, value = entry.partition(b"=")
                environment[name] = value
        opened = []
        stage = FOLDER
        try:
            os.chdir(folder)
            targets = []
            for stage, spec in ((STDIN, stdin), (STDOUT, stdout), (STDERR, stderr)):
                targets.append(self.open(spec, targets, opened))
            stage = BINDING
            self.bind(cpus)
            stage = EXEC
            pid = self.spawn(program, fields[12:first_unset], environment, targets, int(limit))
        except OSError as e:
            self.reply(b"E", e.errno or 0, stage)
            os.chdir("/")
        else:
            self.pid, self.task = pid, task
            self.reply(b"P", 0, pid)
        finally:
            for fd in opened:
                os.close(fd)

    def open(self, spec, targets, opened):
        """The descriptor to make this stream from, or the stream's own number."""
        if spec == b"-":
            return len(targets)
        if spec == b"n":
            return self.null
        if spec == b"=":
            return 1
        fd = os.open(spec[1:], FLAGS[spec[0]], 0o666)
        opened.append(fd)
        return fd

    def bind(self, cpus):
        wanted = {int(cpu) for cpu in cpus.split(b",")} if cpus else self.all_cpus
        if wanted != self.cpus:
            os.sched_setaffinity(0, wanted)
            self.cpus = wanted

    def spawn(self, program, argv, environment, targets, limit):
        if self.use_fork:
            return self.fork(program, argv, environment, targets, limit)
        actions = [(os.POSIX_SPAWN_DUP2, fd, stream) for stream, fd in enumerate(targets) if fd != stream]
        if not limit:
            return self.posix_spawn(program, argv, environment, actions)
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        try:
            pid = self.posix_spawn(program, argv, environment, actions)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        try:
            resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
        except OSError:
            pass  # it has ended, or raised its rights: the soft limit was in force from the start
        return pid

    def posix_spawn(self, program, argv, environment, actions):
        return os.posix_spawn(program, argv, environment, file_actions=actions, setsid=True)

    def fork(self, program, argv, environment, targets, limit):
        """For Pythons and C libraries that cannot make a session in posix_spawn."""
        report, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                os.setsid()
                for stream, fd in enumerate(targets):
                    if fd != stream:
                        os.dup2(fd, stream)
                if limit:
                    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
                    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
                    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
                os.execve(program, argv, environment)
            except OSError as e:
                os.write(tell, str(e.errno).encode())
            finally:
                os._exit(127)
        os.close(tell)
        with os.fdopen(report, "rb") as report:
            failed = report.read()
        if failed:
            os.waitpid(pid, 0)
            raise OSError(int(failed), "exec")
        return pid

    def reap(self):
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            if ended.si_pid != self.pid:
                os.waitpid(ended.si_pid, 0)
                continue
            self.kill(signal.SIGKILL, True)  # its group, while its id is still taken by the unreaped leader
            _, status, usage = os.wait4(self.pid, 0)
            self.pid, self.task, self.kill_at, self.wake_at = 0, None, None, None
            killed = end_children()
            os.chdir("/")
            self.reply(
                b"X", status, int(usage.ru_utime * 1e6), int(usage.ru_stime * 1e6), usage.ru_maxrss, killed)
            return  # end_children() has seen to all others


def can_posix_spawn():
    """Whether there is os.posix_spawn (Python 3.8) over a C library with POSIX_SPAWN_SETSID (glibc 2.26)."""
    try:
        os.posix_spawn("/", ["/"], {}, setsid=True)
    except (AttributeError, NotImplementedError):
        return False
    except OSError:
        return True  # as it must: a folder is not a program
    return True


def end_children():
    """Kills and reaps children, and theirs as they become ours, until there is none; returns how many."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return 0
    old = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    try:
        return kill_children()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def kill_children():
    killed = 0
    deadline = time.monotonic() + LEFT_BEHIND_DEADLINE
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return killed
        for pid in children():
            try:
                os.kill(pid, signal.SIGKILL)
                killed += 1
            except OSError:
                pass  # ended, or made itself another user's
        signal.sigtimedwait([signal.SIGCHLD], 0.05)
        if time.monotonic() > deadline:
            return killed


def children():
    me = str(os.getpid()).encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/" + name + "/stat", "rb") as stat:
                    fields = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[1] == me and fields[0] != b"Z":
                found.append(int(name))
    return found


def main():
    requests, replies, parent, mode = sys.argv[1:5]
    os.setsid()
    os.chdir("/")
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, lambda *_: None)  # a handler, not SIG_IGN, which the programs would inherit
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        Helper(requests, replies, int(parent), mode == "fork").run()
    finally:
        end_children()


main()
