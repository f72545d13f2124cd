"""Tasks that are OpenCL kernels."""

from __future__ import annotations

from colla._programs import opencl

OpenCL = opencl

__all__ = ["opencl", "OpenCL"]
