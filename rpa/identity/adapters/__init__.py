"""The tools behind the composer."""
