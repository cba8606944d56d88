"""Validation of signed PDFs: integrity, what later revisions changed, trust, and the verdict."""
