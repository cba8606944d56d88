"""The decisions: one module for each stop of a case."""
