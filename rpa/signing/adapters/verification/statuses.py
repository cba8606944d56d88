"""What is to be said of each signature: integrity, trust, level, and the verdict of them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from rpa.domain.signature import (
    ChangeKind,
    Coverage,
    Indication,
    Integrity,
    SignatureEvidence,
    SignatureLevel,
    SignatureStatus,
    Trust,
)
from rpa.signing.adapters.verification.candidates import Candidate
from rpa.signing.adapters.verification.constraints import DIGESTS, end_of_signer_info, is_weak
from rpa.signing.adapters.verification.evidence import evidence_of
from rpa.signing.adapters.verification.findings import Finding
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.holdings import Shelf
from rpa.signing.adapters.verification.mathematics import Mathematics, verified
from rpa.signing.adapters.verification.moments import Moment
from rpa.signing.adapters.verification.naming import issuer_of, kind_of, name_of
from rpa.signing.adapters.verification.proofs import (
    Stamp,
    claimed_time,
    embedded_data,
    end_of_stamp,
    stamps_of,
)
from rpa.signing.adapters.verification.questions import Question
from rpa.signing.adapters.verification.revisions import Step, as_changes
from rpa.signing.adapters.verification.trusted import Authorities, Standing
from rpa.signing.adapters.verification.validation_data import validation_data

MODIFIED: Final = "MODIFIED_AFTER_SIGNING"
IN_DOUBT: Final = "CHANGES_AFTER_SIGNING_IN_DOUBT"
FORM_FILLED: Final = "FORM_FILLED_AFTER_SIGNING"
_PERMISSIONS: Final = {1: "no-changes", 2: "fill-forms", 3: "annotate"}
_WEAK: Final = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
_OPEN: Final = (Trust.REVOCATION_UNKNOWN, Trust.ON_HOLD)
"""What another day may answer."""
_UNCHECKED: Final = Standing(Trust.UNCHECKED, Indication.INDETERMINATE)


class Expectations(Protocol):
    """What the caller expects of later changes."""

    @property
    def expect_form_filling(self) -> bool:
        """Whether fields may have been filled in after signing."""
        ...

    @property
    def with_evidence(self) -> bool:
        """Whether what a report refers to should be handed out, too."""
        ...


@dataclass
class Evidence:
    """A document with its revisions and what claims to be its signatures."""

    pdf: bytes
    steps: Sequence[Step]
    placed: Sequence[tuple[Candidate, int | None]]
    """Each with the index of the revision that it closes; None where it closes none."""
    remarks: dict[str, bool] = field(default_factory=dict)

    def later(self, place: int) -> list[Finding]:
        """Return what all revisions after one did."""
        return [finding for step in self.steps[place + 1 :] for finding in step.findings]


@dataclass
class _Examined:
    """One signature, as far as its own bytes go."""

    candidate: Candidate
    place: int | None
    mathematics: Mathematics
    later: list[Finding]

    @property
    def integrity(self) -> Integrity:
        found = self.mathematics.integrity
        if found is Integrity.INVALID:
            return found
        if not all(self.candidate.lock.permits(one) for one in self.later):
            return Integrity.MODIFIED
        is_doubted = any(one.is_doubtful for one in self.later)
        return Integrity.INDETERMINATE if is_doubted else found

    @property
    def reason(self) -> str:
        if self.integrity is Integrity.MODIFIED:
            return MODIFIED
        return self.mathematics.sub_indication or IN_DOUBT

    @property
    def time(self) -> datetime | None:
        token = self.mathematics.token
        return token["gen_time"].native if token is not None else None

    @property
    def end(self) -> datetime | None:
        """The last day of the weakest algorithm that it was made with."""
        made = self.mathematics
        if self.candidate.is_timestamp:
            return end_of_stamp(made)
        if made.info is not None and made.signer is not None:
            return end_of_signer_info(made.info, made.signer)
        return DIGESTS["sha1"] if made.is_weak else None


@dataclass(frozen=True, slots=True)
class _Believed:
    """A timestamp over a signature, with what is known of the authority that made it."""

    stamp: Stamp
    standing: Standing
    is_weak: bool = False

    @property
    def is_trusted(self) -> bool:
        return self.standing.trust is Trust.TRUSTED and not self.is_weak

    @property
    def is_vouched(self) -> bool:
        """Whether it leads to a trusted root, though it may not prove a time today."""
        return not self.is_weak and self.standing.trust in (Trust.TRUSTED, *_OPEN)

    @property
    def doubt(self) -> str:
        """Why it proves no time."""
        if self.standing.trust in (*_OPEN, Trust.WEAK):
            return self.standing.sub_indication
        return _WEAK if self.is_weak else "TIMESTAMP_NOT_TRUSTED"


class Judge:
    """Says of each signature of one document what is to be said."""

    def __init__(
        self, evidence: Evidence, authorities: Authorities, *, at: datetime, wishes: Expectations
    ) -> None:
        """Examine every signature's own bytes."""
        self._evidence = evidence
        self._at = at
        self._wishes = wishes
        self._examined = [self._examine(one, place) for one, place in evidence.placed]
        self._shelf = Shelf()
        self._stored = self._shelf.holdings(self._validation_data())
        """What the document's stores hold."""
        embedded = ValidationData()
        for one in self._examined:
            embedded = _joined(embedded, embedded_data(one.mathematics))
        known = self._stored.joined(self._shelf.holdings(embedded))
        self._court = authorities.court(known)
        self._proofs: list[tuple[int, datetime]] = []
        """Trusted document timestamps: the revision that each closes, and its time."""
        self._standings: dict[int, Standing] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """The sound signatures that something followed which our comparison permits."""
        last = len(self._evidence.steps) - 1
        return tuple(
            Question(
                one.place,
                one.candidate.byte_range,
                one.candidate.is_timestamp,
                one.candidate.lock.level,
            )
            for one in self._examined
            if one.place is not None
            and one.place < last
            and one.integrity in (Integrity.VALID, Integrity.INDETERMINATE)
        )

    def object_to(self, place: int, finding: Finding) -> None:
        """Count a finding of another judge against the signatures that close a revision."""
        for one in self._examined:
            if one.place == place:
                one.later.append(finding)

    def statuses(self) -> tuple[SignatureStatus, ...]:
        """Return the status of each, oldest first; later timestamps prove earlier ones."""
        for one in reversed(self._examined):
            if one.candidate.is_timestamp:
                self._judge_timestamp(one)
        return tuple(self._status(one) for one in self._examined)

    def _examine(self, one: Candidate, place: int | None) -> _Examined:
        later = self._evidence.later(place) if place is not None else []
        pdf = self._evidence.pdf
        if place is None or not one.is_sound(pdf):
            broken = Mathematics(Integrity.INVALID, "FORMAT_FAILURE")
            return _Examined(one, place, broken, later)
        start, before, after, rest = one.byte_range
        pieces = (pdf[start:before], pdf[after : after + rest])
        contents = bytes.fromhex(pdf[before + 1 : after - 1].decode("ascii"))
        found = verified(contents, pieces, one.sub_filter, one.chain)
        return _Examined(one, place, found, later)

    def _validation_data(self) -> ValidationData:
        found = ValidationData()
        for step in self._evidence.steps:
            data = validation_data(step.view.graph) if step.view else None
            found = _joined(found, data) if data else found
        return found

    def _proof_after(self, place: int) -> datetime | None:
        """Return the earliest trusted time by which the revision at ``place`` existed."""
        return min((time for at, time in self._proofs if at > place), default=None)

    def _judge_timestamp(self, one: _Examined) -> None:
        certificate, time = one.mathematics.signer, one.time
        if one.integrity is not Integrity.VALID or certificate is None or one.place is None:
            return
        moment = self._moment(self._proof_after(one.place), stated=time)
        standing = self._court.standing(certificate, moment, stamps_time=True)
        self._standings[id(one)] = standing
        is_believed = standing.trust is Trust.TRUSTED and not is_weak(one.end, moment.at)
        if is_believed and time is not None:
            self._proofs.append((one.place, time))

    def _moment(self, proof: datetime | None, *, stated: datetime | None = None) -> Moment:
        """Return when a certificate is judged: at a proved time, else now."""
        return Moment(proof or self._at, self._at, is_proved=proof is not None, stated=stated)

    def _stamps(self, one: _Examined) -> Iterator[_Believed]:
        """Yield the timestamps over the signature itself, and whether each can be believed."""
        later = self._proof_after(one.place) if one.place is not None else None
        for stamp in stamps_of(one.mathematics):
            if not stamp.is_intact or stamp.certificate is None:
                yield _Believed(stamp, _UNCHECKED)
                continue
            moment = self._moment(later, stated=stamp.time)
            standing = self._court.standing(stamp.certificate, moment, stamps_time=True)
            yield _Believed(stamp, standing, is_weak(stamp.end, moment.at))

    def _status(self, one: _Examined) -> SignatureStatus:
        candidate, certificate = one.candidate, one.mathematics.signer
        stamps = [] if candidate.is_timestamp else list(self._stamps(one))
        proved = self._proved(one, stamps)
        if candidate.is_timestamp:
            standing = self._standings.get(id(one), _UNCHECKED)
        elif certificate is None or one.mathematics.integrity is Integrity.INVALID:
            standing = _UNCHECKED
        else:
            standing = self._court.standing(certificate, self._moment(proved))
        integrity = _with_stamps(one.integrity, [found.stamp for found in stamps])
        indication, reason = self._verdict(one, standing, stamps, integrity)
        self._remark(one, standing, stamps)
        locks = [candidate.lock]
        return SignatureStatus(
            field=candidate.name,
            kind=kind_of(candidate, certificate),
            signer=name_of(certificate),
            issuer=issuer_of(certificate),
            root=standing.root,
            integrity=integrity,
            trust=standing.trust,
            indication=indication,
            sub_indication=reason,
            coverage=self._coverage(one),
            revision=None if one.place is None else self._evidence.steps[one.place].number,
            level=self._level(one, stamps, self._moment(proved)),
            permission=_PERMISSIONS.get(candidate.lock.level or 0, ""),
            claimed_at=claimed_time(one.mathematics, candidate.entries.get("M")),
            proved_at=proved,
            changes_after=as_changes(one.later, locks),
            evidence=self._shown(one, standing) if self._wishes.with_evidence else None,
        )

    def _shown(self, one: _Examined, standing: Standing) -> SignatureEvidence:
        return evidence_of(self._evidence.pdf, one.candidate, one.mathematics, standing.path)

    def _proved(self, one: _Examined, stamps: Sequence[_Believed]) -> datetime | None:
        times = [found.stamp.time for found in stamps if found.is_trusted]
        if one.place is not None and (later := self._proof_after(one.place)):
            times.append(later)
        if one.candidate.is_timestamp and one.place is not None and one.time:
            times += [time for at, time in self._proofs if at == one.place]
        return min(times, default=None)

    def _verdict(
        self,
        one: _Examined,
        standing: Standing,
        stamps: Sequence[_Believed],
        integrity: Integrity,
    ) -> tuple[Indication, str]:
        failed, undecided = Indication.TOTAL_FAILED, Indication.INDETERMINATE
        is_filled = any(finding.kind is ChangeKind.FORM_VALUE for finding in one.later)
        later = self._proof_after(one.place) if one.place is not None else None
        is_fallen, is_open = standing.trust is not Trust.TRUSTED, standing.trust in _OPEN
        trusted = [found for found in stamps if found.is_trusted]
        doubt = next((found.doubt for found in stamps if not found.is_trusted), "")
        doubts = (
            (one.integrity in (Integrity.INVALID, Integrity.MODIFIED), failed, one.reason),
            (integrity is Integrity.INVALID, failed, "FORMAT_FAILURE"),
            (one.integrity is Integrity.INDETERMINATE, undecided, one.reason),
            (integrity is Integrity.INDETERMINATE, undecided, "TIMESTAMP_NOT_TRUSTED"),
            (is_fallen and not is_open, standing.indication, standing.sub_indication),
            (self._is_frail(one, stamps), undecided, _frailty(one)),
            (is_fallen, standing.indication, standing.sub_indication),
            (doubt != "", undecided, doubt),
            (
                any(later is not None and found.stamp.time > later for found in trusted),
                undecided,
                "TIMESTAMP_ORDER_FAILURE",
            ),
            (is_filled and not self._wishes.expect_form_filling, undecided, FORM_FILLED),
        )
        for holds, indication, reason in doubts:
            if holds:
                return indication, reason
        return Indication.TOTAL_PASSED, ""

    def _is_frail(self, one: _Examined, stamps: Sequence[_Believed]) -> bool:
        """Say whether the signature could be forged at the time by which it is proved."""
        return is_weak(one.end, self._proved(one, stamps) or self._at)

    def _remark(self, one: _Examined, standing: Standing, stamps: Sequence[_Believed]) -> None:
        remarks = self._evidence.remarks
        remarks.update(dict.fromkeys(one.mathematics.remarks, True))
        if self._is_frail(one, stamps):
            remarks["weak-algorithm"] = True
        for told in (standing, *(found.standing for found in stamps)):
            remarks.update(dict.fromkeys(told.remarks, True))

    def _coverage(self, one: _Examined) -> Coverage:
        if one.place is None:
            return Coverage.PARTIAL
        is_last = one.place == len(self._evidence.steps) - 1
        return Coverage.WHOLE_DOCUMENT if is_last else Coverage.REVISION

    def _level(
        self, one: _Examined, stamps: Sequence[_Believed], moment: Moment
    ) -> SignatureLevel | None:
        """Return the level reached: later timestamps and validation data count wherever they stand.

        EN 319 142-1, clause 6. Only what can be believed of this signature's certificate counts
        as its data.
        """
        if one.candidate.sub_filter != "ETSI.CAdES.detached" or one.place is None:
            return None
        certificate = one.mathematics.signer
        is_stamped = any(found.is_vouched for found in stamps)
        places = [at for at, _time in self._proofs if at > one.place]
        if certificate is None or not (is_stamped or places):
            return SignatureLevel.B_B
        if not self._court.covers(self._stored, certificate, moment):
            return SignatureLevel.B_T
        for place in places:
            view = self._evidence.steps[place].view
            data = validation_data(view.graph) if view else None
            held = self._shelf.holdings(data) if data else None
            if held and self._court.covers(held, certificate, moment):
                return SignatureLevel.B_LTA
        return SignatureLevel.B_LT


def _frailty(one: _Examined) -> str:
    """Return what a weak algorithm means (EN 319 102-1, 5.3.4).

    A signature is younger than its certificate: where the algorithm had ended before, no proof of
    time can help.
    """
    signer, end = one.mathematics.signer, one.end
    is_certain = signer is not None and end is not None and signer.not_valid_before > end
    return "CRYPTO_CONSTRAINTS_FAILURE" if is_certain else _WEAK


def _with_stamps(integrity: Integrity, stamps: Sequence[Stamp]) -> Integrity:
    """A sound signature with a broken timestamp is in doubt; with a malformed one it is no CMS."""
    if integrity is not Integrity.VALID or all(stamp.is_intact for stamp in stamps):
        return integrity
    if any(stamp.is_malformed for stamp in stamps):
        return Integrity.INVALID
    return Integrity.INDETERMINATE


def _joined(one: ValidationData, other: ValidationData) -> ValidationData:
    return ValidationData(*(tuple(dict.fromkeys(a + b)) for a, b in zip(one, other, strict=True)))
