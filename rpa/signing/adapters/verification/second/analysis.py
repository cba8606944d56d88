"""What another make of analysis says of later revisions: pyHanko's difference policy.

Two analyses that were made apart seldom err alike. Where pyHanko's is known to object to what
other programs soundly do, ``rules`` holds a rule about that kind of change, with its clause.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.questions import Question
from rpa.signing.adapters.verification.second.rules import policy

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


class Opinion(StrEnum):
    """What the second analysis says of what followed a signature."""

    AGREES = "agrees"
    OBJECTS = "objects"
    UNABLE = "unable"
    """It could not look: nothing may be built on that."""


@dataclass
class SecondAnalysis:
    """PyHanko's own reading of one file; opened when first asked."""

    pdf: bytes
    passwords: Sequence[str] = ()
    _reader: PdfFileReader | None = field(default=None)

    def opinion(self, question: Question) -> Opinion:
        """Say whether what followed a signature is of a permitted kind."""
        try:
            reader = self._opened()
            number = self._revision(reader, question)
            level, locks = self._permissions(reader, question)
            before = reader.get_historical_resolver(number)
            for later in range(number + 1, reader.xrefs.total_revisions):
                after = reader.get_historical_resolver(later)
                _compared(before, after, locks, level)
                before = after
        except SuspiciousModification:
            return Opinion.OBJECTS
        except MALFORMED:
            return Opinion.UNABLE
        return Opinion.AGREES

    def _opened(self) -> PdfFileReader:
        if self._reader is None:
            reader = PdfFileReader(BytesIO(self.pdf), strict=False)
            if reader.encrypted:
                for password in ("", *self.passwords):
                    if reader.decrypt(password).status.value:
                        break
            self._reader = reader
        return self._reader

    def _revision(self, reader: PdfFileReader, question: Question) -> int:
        """Return the newest of pyHanko's revisions whose cross-references the signature covers."""
        end = sum(question.byte_range[2:])
        found = [
            number
            for number in range(reader.xrefs.total_revisions)
            if reader.xrefs.get_xref_container_info(number).end_location <= end
        ]
        if not found:
            raise LookupError
        return found[-1]

    def _permissions(
        self, reader: PdfFileReader, question: Question
    ) -> tuple[MDPPerm | None, FieldMDPSpec | None]:
        """Return what the signature itself allows, by pyHanko's reading where it finds it."""
        level = MDPPerm(question.level) if question.level else None
        for one in reader.embedded_signatures:
            if tuple(int(number) for number in one.byte_range) == question.byte_range:
                return level or one.docmdp_level, one.fieldmdp
        return level, None


def _compared(
    before: HistoricalResolver,
    after: HistoricalResolver,
    locks: FieldMDPSpec | None,
    level: MDPPerm | None,
) -> None:
    """Raise where pyHanko sees a change that it can't explain."""
    may_comment = level is MDPPerm.ANNOTATE
    policy(may_comment=may_comment).apply(before, after, field_mdp_spec=locks, doc_mdp=level)
