"""Builders and fakes for tests of processes and of the framework."""
