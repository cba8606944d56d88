"""A second analysis of later revisions, of another make: pyHanko's difference policy."""
