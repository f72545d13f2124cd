"""See :mod:`pyextrae`."""

from pyextrae.common.extrae import *  # noqa: F403
