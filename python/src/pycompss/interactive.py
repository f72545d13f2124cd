"""Tasks in a notebook, or at a prompt::

    import pycompss.interactive as ipycompss
    ipycompss.start()
    …
    ipycompss.stop(sync=True)

Between the two, calls of tasks return at once, their tasks run while further cells are edited and run, and ``compss_wait_on``
waits for them. An interrupt of a cell cancels the tasks that it has called and those that it waits for.
"""

from __future__ import annotations

import atexit
import glob
import inspect
import os
import sys
import time
import warnings
from types import SimpleNamespace
from typing import Any, Callable, Iterator, MutableMapping

from colla import _objects, _session, _start, notebook
from colla._api import wait_on
from colla._errors import UsageError
from colla._futures import Future
from colla._graph import Graph, GraphRecorder
from colla._session import Session

__all__ = [
    "complete_task_graph",
    "current_task_graph",
    "monitoring_information",
    "resources_status",
    "start",
    "statistics",
    "stop",
    "tasks_info",
    "tasks_status",
]

_DEFAULT_MONITOR_MILLIS = 500

_JVM_WORKERS = "-Xms1024m,-Xmx1024m,-Xmn400m"

_ALWAYS_SO = frozenset((
    "monitor", "summary", "streaming_backend", "task_count", "nested_enabled", "worker_cache", "reuse_on_block", "disable_external", "verbose",
    "debug", "log_level", "log_dir", "app_name", "wcl", "jvm_workers", "scheduler", "graph", "comm", "options", "trace", "trace_label",
    "tracing_task_dependencies",
))  # fmt: skip
"""Keywords of ``start`` that are heeded, or that ask for what is so in any case."""


class _State:
    """What ``start`` has set up and ``stop`` takes down."""

    def __init__(self) -> None:
        self.observer: notebook.Observer | None = None
        self.progress: notebook.Progress | None = None
        self.graph: GraphRecorder | None = None
        self.prints: notebook.Prints | None = None
        self.hooks: dict[str, Any] = {}
        self.summary = False
        self.started = 0.0


_state = _State()


def start(
    log_level: str = "off",
    debug: bool = False,
    o_c: bool = False,
    graph: bool = False,
    trace: bool | str = False,
    monitor: int = -1,
    project_xml: str = "",
    resources_xml: str = "",
    summary: bool = False,
    task_execution: str = "compss",
    storage_impl: str = "",
    storage_conf: str = "",
    streaming_backend: str = "",
    streaming_master_name: str = "",
    streaming_master_port: str = "",
    task_count: int = 50,
    app_name: str = "Interactive",
    uuid: str = "",
    log_dir: str = "",
    master_working_dir: str = "",
    extrae_cfg: str = "",
    extrae_final_directory: str = "",
    comm: str = "NIO",
    conn: str = "",
    master_name: str = "",
    master_port: str = "",
    scheduler: str = "",
    jvm_workers: str = _JVM_WORKERS,
    cpu_affinity: str = "automatic",
    gpu_affinity: str = "automatic",
    fpga_affinity: str = "automatic",
    fpga_reprogram: str = "",
    profile_input: str = "",
    profile_output: str = "",
    scheduler_config: str = "",
    external_adaptation: bool = False,
    propagate_virtual_environment: bool = True,
    mpi_worker: bool = False,
    worker_cache: bool | str = False,
    shutdown_in_node_failure: bool = False,
    io_executors: int = 0,
    env_script: str = "",
    reuse_on_block: bool = True,
    nested_enabled: bool = False,
    tracing_task_dependencies: bool = False,
    trace_label: str = "",
    extrae_cfg_python: str = "",
    wcl: int = 0,
    cache_profiler: bool = False,
    ear: bool = False,
    data_provenance: bool = False,
    checkpoint_policy: str = "",
    checkpoint_params: str = "",
    checkpoint_folder: str = "",
    verbose: bool = False,
    disable_external: bool = False,
    **options: Any,
) -> None:
    """Starts a run for this notebook or prompt: on the nodes of the allocation that it runs in, else on this machine.

    The keywords are those of PyCOMPSs. Heeded are

    - ``graph``: record the graph of tasks, for ``current_task_graph`` and ``complete_task_graph``;
    - ``trace``: record a trace for Paraver (True, ``"basic"``, ``"full"``), which ``stop`` makes; ``trace_label``: the name of its files;
    - ``monitor``: milliseconds between two updates of the view of the progress; 0: no view (a notebook has one by itself);
    - ``summary``: say at the end how many tasks there were; ``debug``, ``log_level``: write more into the run's log;
    - ``log_dir``: where the run's folder is made; ``app_name``: the run's name; ``wcl``: seconds after which the run ends;
    - ``scheduler``: one whose name has ``fifo`` or ``lifo`` in it; ``jvm_workers``: options for the workers' Java, with commas.

    Others are accepted; a warning names those that have no meaning here. Any option of ``colla run`` is a keyword, too, such as
    ``workers="local:2"`` or ``cores=4``.

    Raises ``UsageError`` if the run cannot be started, with the reason.
    """
    given = dict(locals())
    if _session.current() is not None and _state.observer is not None:
        print("The runtime is already running")
        return
    _warn_of_the_meaningless(given)
    session = _start.start(**_options_of(given))
    _state.summary = summary
    _state.started = time.monotonic()
    _state.graph = GraphRecorder() if graph else None
    _state.observer = notebook.Observer(session, _state.graph)
    _state.observer.attach()
    if notebook.in_notebook():
        session.route_prints(_route_prints)
    _show_progress(session, monitor)
    _hook(hide_frames=not debug)
    cores = session.facts.get("cores")
    place = f" with {cores} core{'' if cores == 1 else 's'}" if cores else ""
    print(f"Colla runs{place}; what it writes is in {session.facts.get('run_folder', 'its run folder')}")


def _warn_of_the_meaningless(given: dict[str, Any]) -> None:
    defaults = {name: parameter.default for name, parameter in inspect.signature(start).parameters.items()}
    idle = [name for name, value in given.items() if name not in _ALWAYS_SO and value != defaults[name] and value is not None]
    if idle:
        warnings.warn(f"start() was told what has no meaning here: {', '.join(idle)}", stacklevel=3)


def _options_of(given: dict[str, Any]) -> dict[str, Any]:
    """The options of the ``colla`` command for the keywords of :func:`start`."""
    options: dict[str, Any] = {"progress": "never", "quiet": True}
    if given["debug"] or given["log_level"] in ("debug", "trace"):
        options["debug"] = True
    if given["app_name"] and given["app_name"] != "Interactive":
        options["name"] = given["app_name"]
    if given["log_dir"]:
        options["run_dir"] = _free_folder(given["log_dir"], given["app_name"] or "Interactive")
    if given["wcl"]:
        options["time_limit"] = f"{given['wcl']}s"
    if given["jvm_workers"] and given["jvm_workers"] != _JVM_WORKERS:
        options["worker_jvm_opts"] = given["jvm_workers"].replace(",", " ")
    options.update(_trace_options(given))
    kind = given["scheduler"].lower()
    for known in ("fifo", "lifo"):
        if known in kind:
            options["scheduler"] = known
    options.update(given["options"])
    return options


def _trace_options(given: dict[str, Any]) -> dict[str, Any]:
    wanted = given["trace"]
    if not wanted or str(wanted).lower() == "false":
        return {}
    options: dict[str, Any] = {"trace": True if wanted is True or str(wanted).lower() == "true" else wanted}
    if given["trace_label"]:
        options["trace_name"] = given["trace_label"]
    if given["tracing_task_dependencies"]:
        options["trace_events"] = "+dependencies"
    return options


def _free_folder(folder: str, name: str) -> str:
    """The path of a folder that is not there yet."""
    number = 1
    while os.path.exists(os.path.join(folder, f"{name}_{number:02}")):
        number += 1
    return os.path.abspath(os.path.join(folder, f"{name}_{number:02}"))


def _show_progress(session: Session, monitor: int) -> None:
    rate = _DEFAULT_MONITOR_MILLIS if monitor is None or monitor < 0 else monitor
    view: notebook.NotebookView | notebook.TerminalView
    if notebook.in_notebook():
        view = notebook.NotebookView()
    elif monitor and monitor > 0:
        view = notebook.TerminalView()
    else:
        return
    if rate == 0:
        return
    _state.progress = notebook.Progress(lambda: session.ask("status"), view, rate / 1000)
    _state.progress.start()
    _state.progress.begin_cell()


def _route_prints(show: Callable[..., None]) -> notebook.Prints:
    _state.prints = notebook.Prints(show)
    return _state.prints


def _hook(hide_frames: bool) -> None:
    running = notebook.shell()
    if running is None:
        return
    if hide_frames:
        notebook.hide_own_frames(running)
    _state.hooks = {"pre_run_cell": _cell_begins, "post_run_cell": _cell_ends}
    for event, hook in _state.hooks.items():
        running.events.register(event, hook)
    # The end of a kernel, as by a restart, is not the end of a program that wants its results.
    atexit.register(_end_with_the_kernel)


def _cell_begins(info: Any) -> None:
    _objects.forget_classes()
    if _state.observer is not None:
        _state.observer.begin_cell()
    if _state.prints is not None:
        _state.prints.begin_cell()
    if _state.progress is not None:
        _state.progress.begin_cell()


def _cell_ends(result: Any) -> None:
    if _state.observer is not None and isinstance(result.error_in_exec, KeyboardInterrupt) and _session.running() is not None:
        _state.observer.cancel()
    if _state.progress is not None:
        _state.progress.end_cell()


def _end_with_the_kernel() -> None:
    session = _session.running()
    if session is not None:
        session.end(failed=True)


def stop(sync: bool = False, _hard_stop: bool = False) -> None:
    """Ends the run: waits for its tasks and brings files to their paths.

    :param sync: first replaces the futures in the notebook's variables by their values; without, they cannot be used any more.
    :param _hard_stop: cancels the tasks that have not finished, instead of waiting for them.
    """
    session = _session.current()
    if session is None:
        print("The runtime is not running")
        return
    try:
        if sync and not _hard_stop:
            _wait_for_variables(_variables())
        if not _hard_stop:
            session.barrier()
    finally:
        last = notebook.Sample.of(session.ask("status"))
        if _state.progress is not None:
            _state.progress.end_cell()
        _take_down()
        session.end(failed=_hard_stop)
    _tell_trace(str(session.facts.get("run_folder", "")))
    if _state.summary:
        print(f"{last}; {time.monotonic() - _state.started:.1f} s")


def _tell_trace(run_folder: str) -> None:
    """Waits for the trace of a run that has ended, and says where it is; nothing if there is none."""
    if not os.path.isdir(os.path.join(run_folder, "trace")):
        return
    _start.wait_for_own_gateway()
    made = sorted(glob.glob(os.path.join(glob.escape(run_folder), "trace", "*.prv*")))
    print(f"The trace is {made[0]}" if made else f"The trace could not be made; what was recorded is in {run_folder}/trace/logs")


def _take_down() -> None:
    if _state.progress is not None:
        _state.progress.stop()
    running = notebook.shell()
    if _state.hooks:
        for event, hook in _state.hooks.items():
            running.events.unregister(event, hook)
        notebook.show_own_frames(running)
        atexit.unregister(_end_with_the_kernel)
    _state.hooks = {}
    _state.observer = None
    _state.progress = None
    _state.prints = None


def _variables() -> MutableMapping[str, Any]:
    running = notebook.shell()
    return running.user_ns if running is not None else vars(sys.modules["__main__"])


def _wait_for_variables(variables: MutableMapping[str, Any]) -> None:
    """Replaces futures, and objects that tasks change, by their values: those of variables, and those in their collections."""
    session = _session.current()
    for name, value in list(variables.items()):
        if name.startswith("_") or session is None:
            continue
        if any(isinstance(part, Future) or session.is_tracked(part) is not None for part in _parts(value)):
            try:
                variables[name] = wait_on(value)
            except Exception as error:
                print(f"{name} has no value: {type(error).__name__}: {error}")


def _parts(value: Any, depth: int = 4) -> Iterator[Any]:
    yield value
    if depth and type(value) in (list, tuple, set):
        for part in value:
            yield from _parts(part, depth - 1)
    elif depth and type(value) is dict:
        for part in value.values():
            yield from _parts(part, depth - 1)


# What is known of the run -----------------------------------------------------------------------------------------------------------


def _running() -> Session:
    session = _session.current()
    if session is None:
        raise UsageError("there is no run: call start() first")
    return session


def current_task_graph(fit: bool = False, refresh_rate: int = 1, timeout: int = 0, widget: Any = None) -> None:
    """Shows the tasks that have not finished, and what they need of each other.

    :param refresh_rate: seconds between two pictures, if ``timeout`` seconds are given during which it is to be updated.
    """
    graph = _graph()
    if graph is None:
        return
    session = _running()
    deadline = time.monotonic() + timeout
    handle = _show(graph.unfinished(session.done), None)
    while time.monotonic() < deadline:
        time.sleep(refresh_rate)
        handle = _show(graph.unfinished(session.done), handle)


def complete_task_graph(fit: bool = False, refresh_rate: int = 1, timeout: int = 0, widget: Any = None) -> None:
    """Shows all tasks of the run, also after its end, and what they needed of each other."""
    graph = _graph()
    if graph is not None:
        _show(graph.graph(), None)


def _graph() -> GraphRecorder | None:
    if _state.graph is None:
        print("The graph is not recorded: start(graph=True) does")
    return _state.graph


def _show(graph: Graph, handle: Any) -> Any:
    """Shows a graph, in the place of an earlier one if there is a handle of it."""
    if not notebook.in_notebook():
        print(graph)
        return None
    from IPython.display import display

    if handle is None:
        return display(graph, display_id=True)
    handle.update(graph)
    return handle


def tasks_info() -> None:
    """Shows for each kind of task and node how many have run, and how long they took."""
    rows = _running().ask("tasks").get("tasks", [])
    head = ("task", "node", "done", "failed", "cancelled", "retried", "mean s", "longest s")
    notebook.show(notebook.Table(head, [_row(SimpleNamespace(**row)) for row in rows]))


def _row(task: Any) -> tuple:
    mean = task.seconds / task.done if task.done else 0.0
    return (task.name, task.node, task.done, task.failed, task.cancelled, task.retried, mean, float(task.longest))


def tasks_status() -> None:
    """Shows how many tasks are done, running, waiting, failed and cancelled."""
    sample = notebook.Sample.of(_running().ask("status"))
    counts = ("done", "running", "waiting", "failed", "cancelled")
    notebook.show(notebook.Table(counts, [[getattr(sample, name) for name in counts]]))


def statistics() -> None:
    """Shows the counts of tasks and what has been computed in all."""
    session = _running()
    sample = notebook.Sample.of(session.ask("status"))
    rows = session.ask("tasks").get("tasks", [])
    computed = sum(float(row["seconds"]) for row in rows)
    elapsed = time.monotonic() - _state.started
    pairs = (
        ("tasks called", sample.total),
        ("tasks done", sample.done),
        ("seconds since the start", elapsed),
        ("seconds computed by tasks", computed),
        ("cores busy on average", computed / elapsed if elapsed else 0.0),
    )
    notebook.show(notebook.Table(("what", "value"), pairs))


def resources_status() -> None:
    """Shows the nodes and cores of the run, and how many cores are busy."""
    session = _running()
    status, resources = session.ask("status"), session.ask("resources")
    memory = int(resources.get("memory", 0)) / 2**30
    pairs = (
        ("nodes", resources.get("nodes", status.get("nodes", 1))),
        ("cores", status.get("cores", 0)),
        ("cores busy", status.get("cores_busy", 0)),
        ("memory for tasks (GiB)", memory),
    )
    notebook.show(notebook.Table(("what", "value"), pairs))


def monitoring_information() -> None:
    """Shows how the run went: the counts of tasks at the times at which the view of the progress looked."""
    progress = _state.progress
    if progress is None:
        print("Nothing is monitored: start(monitor=1000) does, each second")
        return
    progress.look()
    begin = progress.samples[0].time
    rows = [(s.time - begin, s.done, s.running, s.waiting, s.failed, s.cores_busy) for s in progress.samples]
    notebook.show(notebook.Table(("seconds", "done", "running", "waiting", "failed", "cores busy"), rows))
