"""What runs inside the decoder's child process: small imports, no domain values, no messages.

A reader turns untrusted bytes into plain records or raises a :class:`Refusal`. The parent
(:mod:`rpa.intake.adapters.contained`) makes domain values and translated errors of them.
"""
