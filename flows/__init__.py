"""Prefect flows: the work loop, schedules and deployments."""
