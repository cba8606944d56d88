"""Old signatures kept provable: levels raised, archive timestamps renewed.

A document timestamp proves when everything before it existed. It is itself a signature, and ends
with its authority's certificate: before that, a new one is put over it and over what proves it
(ETSI EN 319 142-1, clause 5.4.3 and 6.3).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.signature import Integrity
from rpa.domain.signature_level import LONG_TERM, SignatureLevel
from rpa.i18n import _
from rpa.signing.adapters.algorithms import sunset
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.embedding import opened_again, timestamped
from rpa.signing.adapters.lifting import level_maker
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name
from rpa.signing.adapters.proofs import TIME_STAMPING, Proof
from rpa.signing.adapters.standing import Stamp, Standing, standing_of
from rpa.signing.api import SignatureValidator, SignedDocument, Upkeep

MARGIN: Final = timedelta(days=90)
"""How long before its end a proof is due: time for an authority, or a person, to come back."""


class PyHankoPreserver:
    """Keeps documents provable; what is there is never changed, only extended. Thread-safe."""

    def __init__(
        self,
        *,
        timestamp_url: str | None,
        trust_roots: Sequence[Path],
        validator: SignatureValidator,
        now: Callable[[], datetime],
        margin: timedelta = MARGIN,
        kept_answers: Path | None = None,
    ) -> None:
        """Keep who gives time, whom to trust, and how long before its end a proof is due.

        Raises:
            ToolUnavailableError: A root's file is missing or holds no certificate.
        """
        self._levels = level_maker(timestamp_url, read_certificates(trust_roots), kept=kept_answers)
        self._has_roots = bool(trust_roots)
        self._validator = validator
        self._now = now
        self._margin = margin

    def raised(self, pdf: bytes, *, to: SignatureLevel) -> SignedDocument:
        """Return the document with its signatures brought up to ``to`` by incremental updates.

        A signature without any timestamp gets its trusted time by a document timestamp. One that
        is at B-LTA already gets its archive timestamp renewed, with what proves the last one.

        Raises:
            SignatureRefusedError: A signature is broken: there is nothing to preserve.
            ToolUnavailableError: An authority does not answer; nothing was changed.
        """
        self._levels.check(to, has_roots=self._has_roots)
        self._check_whole(pdf)
        try:
            standing = standing_of(pdf, self._levels.proofs)
            if standing.level.reaches(to) and to is not SignatureLevel.B_LTA:
                return SignedDocument(pdf, level=standing.level, wanted=to)
            if standing.level is SignatureLevel.B_B:
                pdf = timestamped(opened_again(pdf), self._levels.stamp)
                standing = standing_of(pdf, self._levels.proofs)
            if to in LONG_TERM:
                proofs = list(self._missing(standing))
                extended = (
                    self._levels.archived(pdf, proofs)
                    if to is SignatureLevel.B_LTA
                    else self._levels.with_proofs(pdf, proofs)
                )
            else:
                extended = pdf
        except MALFORMED as exc:
            raise _unreadable(exc) from exc
        return SignedDocument(extended, level=to, wanted=to)

    def upkeep(self, pdf: bytes) -> Upkeep:
        """Say when the document must be renewed: a margin before its last timestamp ends.

        Raises:
            SignatureRefusedError: It holds no signature that can be read.
        """
        try:
            standing = standing_of(pdf, self._levels.proofs)
        except MALFORMED as exc:
            raise _unreadable(exc) from exc
        if standing.last_stamp is None:
            why = _("No document timestamp holds it.")
            return Upkeep(standing.level, due=None, reason=why)
        end, why = _end(standing.last_stamp)
        return Upkeep(standing.level, due=end - self._margin, reason=why)

    def _missing(self, standing: Standing) -> Iterator[Proof]:
        """Yield what proves the certificates that the document itself does not prove yet.

        The last timestamp is proved as of now: that is the time up to which the next one lets it
        count (EN 319 102-1, clause 5.6.2.3).
        """
        now, proofs = self._now(), self._levels.proofs
        for need in standing.needs:
            yield proofs.proof(
                need.certificate, need.others, at=need.time, now=now, purpose=need.purpose
            )
        last = standing.last_stamp
        if last is not None and now < last.certificate.not_valid_after:
            yield proofs.proof(last.certificate, last.issuers, at=now, purpose=TIME_STAMPING)

    def _check_whole(self, pdf: bytes) -> None:
        report = self._validator.validate(pdf, at=self._now())
        if report.integrity in (Integrity.VALID, Integrity.INDETERMINATE):
            return
        raise SignatureRefusedError(
            _(
                "The document is not whole ({integrity}): there is no signature to preserve. "
                "Look at it with rpa verify.",
                integrity=report.integrity.value,
            ),
            code="nothing-to-preserve",
        )


def _end(stamp: Stamp) -> tuple[datetime, str]:
    """Return when a timestamp stops proving anything, and why."""
    chain = (stamp.certificate, *stamp.issuers)
    first = min(chain, key=lambda one: one.not_valid_after)
    name = common_name(first)
    ends = [(first.not_valid_after, _("The certificate of {name} ends.", name=name))]
    weak = sunset(chain, made_at=stamp.time)
    if weak is not None:
        ends.append((weak[0], _("{algorithm} is held to be strong until then.", algorithm=weak[1])))
    return min(ends)


def _unreadable(fault: BaseException) -> SignatureRefusedError:
    return SignatureRefusedError(
        _(
            "The document holds no signature that can be read ({fault}).",
            fault=type(fault).__name__,
        ),
        code="nothing-to-preserve",
    )
