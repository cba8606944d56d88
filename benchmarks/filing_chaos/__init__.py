"""Chaos for ``rpa bot file``: killed, cut off, robbed of its session, out of disk, out of time."""
