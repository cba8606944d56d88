"""The `rpa` command, one module for each noun."""
