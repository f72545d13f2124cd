"""See :mod:`pyextrae`."""
