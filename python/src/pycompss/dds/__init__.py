"""The distributed data set: operations on partitioned data, each partition handled by tasks.

::

    from pycompss.dds import DDS

    words = DDS().load_text_file("book.txt").flat_map(str.split).count_by_value()
"""

from __future__ import annotations

from .dds import DDS
from .hashing import default_hash

__all__ = ["DDS", "default_hash"]
