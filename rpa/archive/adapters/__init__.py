"""The tools behind the archive."""
