"""The gate: who may hold a connection to the console, for how long, and how many at once."""
