"""Numbers of events in workers, by PyCOMPSs' names."""

from __future__ import annotations

from types import SimpleNamespace

from colla import _trace

__all__ = ["TRACING_WORKER", "TRACING_WORKER_CACHE"]

TRACING_WORKER = SimpleNamespace(
    process_identifier=_trace.THREAD_TYPE,
    inside_tasks_type=_trace.INSIDE_TASK,
    bind_cpus_event=1,
    bind_gpus_event=2,
    setup_environment_event=3,
    get_task_params_event=4,
    import_user_module_event=5,
    execute_user_code_event=6,
    deserialize_from_bytes_event=7,
    deserialize_from_file_event=8,
    serialize_to_file_event=9,
    serialize_to_file_mpienv_event=10,
    build_successful_message_event=11,
    build_compss_exception_message_event=12,
    build_exception_message_event=13,
    clean_environment_event=14,
    retrieve_object_from_cache_event=19,
    insert_object_into_cache_event=20,
    remove_object_from_cache_event=21,
    wait_on_event=22,
    worker_task_instantiation=23,
    inside_tasks_cpu_affinity_type=_trace.CPU_AFFINITY,
    inside_tasks_cpu_count_type=_trace.CPU_COUNT,
    inside_tasks_gpu_affinity_type=_trace.GPU_AFFINITY,
    inside_worker_type=_trace.INSIDE_WORKER,
    worker_running_event=1,
    process_task_event=2,
    process_ping_event=3,
    process_quit_event=4,
)

TRACING_WORKER_CACHE = SimpleNamespace(worker_cache_type=9000201)
