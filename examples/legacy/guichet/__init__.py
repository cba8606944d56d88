"""Guichet: a server-rendered application of the worst honest kind, to try bots on."""
