"""Placeholders of results."""
