"""Damaged PDFs are mended in children of one process that has the tools loaded.

As ``docs/adr/0006`` has it for documents that come in: hostile bytes may crash or exhaust a child
without hurting anybody.
"""
