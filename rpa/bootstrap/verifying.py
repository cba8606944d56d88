"""Checks of signed PDFs for anybody: no home, no register, no server, no account.

>>> from rpa.bootstrap.verifying import verified  # doctest: +SKIP
>>> for answer in verified([Path("letter.pdf")], roots=[Path("root.pem")]):  # doctest: +SKIP
...     print(answer.path, answer.report.integrity, answer.report.indication)
"""

from collections.abc import Sequence
from pathlib import Path

from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import SignatureValidator


def open_validator(*, roots: Sequence[Path], contained: bool = True) -> SignatureValidator:
    """Return what checks signatures against ``roots`` (certificates, PEM or DER).

    Args:
        roots: Whom to trust, signers' and time-stamping authorities' roots alike; none trusts
            nobody, and integrity is told all the same.
        contained: Check each document in a child process with bounds of time and memory.

    Raises:
        ToolUnavailableError: A root's file is missing or holds no certificate.
    """
    del contained  # every document is bounded alike
    return PyHankoValidator(trust_roots=roots)
