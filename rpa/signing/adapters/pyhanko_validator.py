"""Checks of signed PDFs inside this process, with pyHanko's and qpdf's help."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rpa.domain.signature import RevocationRule, ValidationReport
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.anchors import Anchor
from rpa.signing.adapters.verification.check import (
    CHECK_FAILED,
    Wishes,
    checked,
    unreadable,
)
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.trusted import Authorities


class PyHankoValidator:
    """Checks signatures against given roots; fetches nothing. Safe from several threads.

    For documents of strangers prefer the contained validator: this one is bounded neither in time
    nor in memory.
    """

    def __init__(
        self,
        *,
        trust_roots: Sequence[Path],
        held: ValidationData | None = None,
        anchors: Sequence[Anchor] = (),
        revocation: RevocationRule = RevocationRule.REQUIRED,
        passwords: Sequence[str] = (),
        expect_form_filling: bool = False,
    ) -> None:
        """Read the root certificates that are trusted, signers' and authorities' alike.

        Args:
            trust_roots: PEM or DER files.
            held: What the caller holds, in DER, beside what the document carries.
            anchors: Services of trust lists, trusted beside the roots.
            revocation: What is said where nothing tells whether a certificate was revoked.
            passwords: Tried on an encrypted document, after none.
            expect_form_filling: Whether fields filled in after signing are no cause for doubt.

        Raises:
            ToolUnavailableError: A file is missing or holds no certificate.
        """
        self._authorities = Authorities(
            read_certificates(trust_roots), held, anchors=anchors, rule=revocation
        )
        self._wishes = Wishes(tuple(passwords), expect_form_filling)

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Check every signature of ``pdf``, document timestamps included; never raises."""
        try:
            return checked(pdf, self._authorities, at=at, wishes=self._wishes)
        except MALFORMED:
            return unreadable(pdf, at, CHECK_FAILED)
