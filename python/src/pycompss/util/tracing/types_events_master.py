"""Numbers of events in the main program, by PyCOMPSs' names."""

from __future__ import annotations

from types import SimpleNamespace

from colla import _trace

__all__ = ["TRACING_MASTER"]

TRACING_MASTER = SimpleNamespace(
    binding_master_type=_trace.MASTER,
    start_runtime_event=1,
    stop_runtime_event=2,
    application_running_event=3,
    accessed_file_event=7,
    open_file_event=8,
    delete_file_event=9,
    get_file_event=10,
    get_directory_event=11,
    delete_object_event=12,
    barrier_event=13,
    barrier_group_event=14,
    open_task_group_event=15,
    close_task_group_event=16,
    wait_on_event=22,
    process_task_event=23,
    task_instantiation=100,
)
