"""The calls of a program with tasks; without a run, each has its plain sequential meaning."""

from __future__ import annotations

from typing import Any

from colla import _api
from colla._api import barrier as compss_barrier
from colla._api import barrier_group as compss_barrier_group
from colla._api import cancel_group as compss_cancel_group
from colla._api import delete_file as compss_delete_file
from colla._api import delete_object as compss_delete_object
from colla._api import file_exists as compss_file_exists
from colla._api import free_resources as compss_free_resources
from colla._api import number_of_resources as compss_get_number_of_resources
from colla._api import open_file as compss_open
from colla._api import request_resources as compss_request_resources
from colla._api import set_wall_clock as compss_set_wall_clock
from colla._api import snapshot as compss_snapshot
from colla._api import wait_on as compss_wait_on
from colla._api import wait_on_directory as compss_wait_on_directory
from colla._api import wait_on_file as compss_wait_on_file
from colla._groups import TaskGroup

__all__ = [
    "compss_start", "compss_stop", "compss_wait_on", "compss_wait_on_file", "compss_wait_on_directory", "compss_open",
    "compss_file_exists", "compss_delete_file", "compss_delete_object", "compss_barrier", "compss_barrier_group", "compss_cancel_group",
    "compss_snapshot", "compss_get_number_of_resources", "compss_request_resources", "compss_free_resources", "compss_set_wall_clock",
    "compss_add_logger", "TaskGroup",
]  # fmt: skip


def compss_start(*args: Any, **kwargs: Any) -> None:
    """Begins to run tasks. A run has begun when a program is started by ``colla run``: this only connects to it.

    The arguments of PyCOMPSs (``log_level``, ``tracing``, ``interactive``, ``disable_external``) are accepted; ``colla run`` has options for them.
    """
    _api.connect()


def compss_stop(code: int = 0, _hard_stop: bool = False) -> None:
    """Waits for all tasks and ends the run; ``code`` other than 0: as a program that failed."""
    _api.disconnect(code != 0 or _hard_stop)


def compss_add_logger(logger_name: str) -> None:
    """Lets the logger of this name write where the program's other messages go."""
    _api.add_logger(logger_name)
