"""What a task needs from the node that runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._definition import decorate
from ._keywords import canonical

__all__ = ["constraint", "KEYWORDS"]

KEYWORDS = (
    "computing_units", "is_local", "processor_name", "processor_speed", "processor_architecture", "processor_type",
    "processor_property_name", "processor_property_value", "processor_internal_memory_size", "processors", "memory_size", "memory_type",
    "storage_size", "storage_type", "storage_bw", "operating_system_type", "operating_system_distribution", "operating_system_version",
    "wall_clock_limit", "host_queues", "app_software",
)  # fmt: skip


def constraint(**keywords: Any) -> Callable[[Any], Any]:
    """What the task needs; values are numbers or texts, ``$NAME`` of the environment, or the name of a global or of a parameter.

    Keywords: ``computing_units`` (cores), ``memory_size`` (GB), ``processors`` (a list of dictionaries, one for each type: CPU, GPU …),
    ``processor_*``, ``storage_*``, ``operating_system_*``, ``app_software``, ``host_queues``, ``is_local``, ``wall_clock_limit``.

    Raises ``UsageError`` for a keyword that it does not have; a need that no node has is reported at the call.
    """
    given = canonical("constraint", keywords, KEYWORDS)
    return decorate(lambda definition: definition._replace(constraints={**definition.constraints, **given}))
