"""Hostile documents are worked on in children of a process that has the tools loaded.

As ``docs/adr/0006`` has it for documents that come in: hostile bytes may crash, slow or fill a
child without hurting anybody, and what they made of it goes with it.
"""
