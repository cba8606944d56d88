"""Channels and decoders: the only modules of this room that import outside tools."""
