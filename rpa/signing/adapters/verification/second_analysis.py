"""What another make of analysis says of later revisions: pyHanko's difference policy.

Two analyses that were made apart seldom err alike. Where pyHanko's is known to object to what
other programs soundly do, ``second_rules`` holds a rule about that kind of change, with its clause.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import Final

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.second_rules import policy

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


class Opinion(StrEnum):
    """What the second analysis says of what followed a signature."""

    AGREES = "agrees"
    OBJECTS = "objects"
    UNABLE = "unable"
    """It could not look: nothing may be built on that."""


_FAULTS: Final = (*MALFORMED, SuspiciousModification)


@dataclass
class SecondAnalysis:
    """PyHanko's own reading of one file; opened when first asked."""

    pdf: bytes
    passwords: Sequence[str] = ()
    _signatures: Mapping[tuple[int, ...], EmbeddedPdfSignature] | None = field(default=None)

    def opinion(self, byte_range: tuple[int, ...]) -> Opinion:
        """Say whether what followed the signature with ``byte_range`` is of a permitted kind."""
        try:
            signature = self._by_range().get(byte_range)
            if signature is None:
                return Opinion.UNABLE
            return self._reviewed(signature)
        except SuspiciousModification:
            return Opinion.OBJECTS
        except MALFORMED:
            return Opinion.UNABLE

    def _by_range(self) -> Mapping[tuple[int, ...], EmbeddedPdfSignature]:
        if self._signatures is None:
            reader = PdfFileReader(BytesIO(self.pdf), strict=False)
            self._unlock(reader)
            found = {}
            for one in reader.embedded_signatures:
                found[tuple(int(number) for number in one.byte_range)] = one
            self._signatures = found
        return self._signatures

    def _unlock(self, reader: PdfFileReader) -> None:
        if not reader.encrypted:
            return
        for password in ("", *self.passwords):
            if reader.decrypt(password).status.value:
                return

    def _reviewed(self, signature: EmbeddedPdfSignature) -> Opinion:
        reader = signature.reader
        level, locks = signature.docmdp_level, signature.fieldmdp
        before = reader.get_historical_resolver(signature.signed_revision)
        for number in range(signature.signed_revision + 1, reader.xrefs.total_revisions):
            after = reader.get_historical_resolver(number)
            self._compared(before, after, locks, level)
            before = after
        return Opinion.AGREES

    def _compared(
        self,
        before: HistoricalResolver,
        after: HistoricalResolver,
        locks: FieldMDPSpec | None,
        level: MDPPerm | None,
    ) -> None:
        """Raise where pyHanko sees a change that it can't explain."""
        may_comment = level is MDPPerm.ANNOTATE
        policy(may_comment=may_comment).apply(before, after, field_mdp_spec=locks, doc_mdp=level)
