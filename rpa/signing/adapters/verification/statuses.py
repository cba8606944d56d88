"""What is to be said of each signature: integrity, trust, level, and the verdict of them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from asn1crypto import x509

from rpa.domain.signature import (
    ChangeKind,
    Coverage,
    Indication,
    Integrity,
    SignatureKind,
    SignatureLevel,
    SignatureStatus,
    Trust,
)
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name, is_seal
from rpa.signing.adapters.verification.candidates import Candidate
from rpa.signing.adapters.verification.findings import Finding
from rpa.signing.adapters.verification.mathematics import Mathematics, verified
from rpa.signing.adapters.verification.proofs import (
    Stamp,
    claimed_time,
    embedded_data,
    stamps_of,
)
from rpa.signing.adapters.verification.questions import Question
from rpa.signing.adapters.verification.revisions import Step, as_changes
from rpa.signing.adapters.verification.trusted import Authorities, Standing, covers
from rpa.signing.adapters.verification.validation_data import ValidationData, validation_data

MODIFIED: Final = "MODIFIED_AFTER_SIGNING"
IN_DOUBT: Final = "CHANGES_AFTER_SIGNING_IN_DOUBT"
FORM_FILLED: Final = "FORM_FILLED_AFTER_SIGNING"
_PERMISSIONS: Final = {1: "no-changes", 2: "fill-forms", 3: "annotate"}
_UNCHECKED: Final = Standing(Trust.UNCHECKED, Indication.INDETERMINATE)


class Expectations(Protocol):
    """What the caller expects of later changes."""

    @property
    def expect_form_filling(self) -> bool:
        """Whether fields may have been filled in after signing."""
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
        if self.mathematics.integrity is not Integrity.VALID:
            return self.mathematics.integrity
        if not all(self.candidate.lock.permits(one) for one in self.later):
            return Integrity.MODIFIED
        is_doubted = any(one.is_doubtful for one in self.later)
        return Integrity.INDETERMINATE if is_doubted else Integrity.VALID

    @property
    def reason(self) -> str:
        if self.mathematics.sub_indication:
            return self.mathematics.sub_indication
        return MODIFIED if self.integrity is Integrity.MODIFIED else IN_DOUBT

    @property
    def time(self) -> datetime | None:
        token = self.mathematics.token
        return token["gen_time"].native if token is not None else None


class Judge:
    """Says of each signature of one document what is to be said."""

    def __init__(
        self, evidence: Evidence, authorities: Authorities, *, at: datetime, wishes: Expectations
    ) -> None:
        """Examine every signature's own bytes."""
        self._evidence = evidence
        self._authorities = authorities
        self._at = at
        self._wishes = wishes
        self._examined = [self._examine(one, place) for one, place in evidence.placed]
        self._stored = self._validation_data()
        """What the document's stores hold."""
        self._known = self._stored
        for one in self._examined:
            self._known = _joined(self._known, embedded_data(one.mathematics))
        self._proofs: list[tuple[int, datetime]] = []
        """Trusted document timestamps: the revision that each closes, and its time."""
        self._standings: dict[int, Standing] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """The sound signatures that something followed which our comparison permits."""
        last = len(self._evidence.steps) - 1
        return tuple(
            Question(one.place, one.candidate.byte_range, one.candidate.is_timestamp)
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
        proof = self._proof_after(one.place)
        standing = self._standing(one, certificate, proof, stamps_time=True)
        self._standings[id(one)] = standing
        if standing.trust is Trust.TRUSTED and time is not None:
            self._proofs.append((one.place, time))

    def _standing(
        self,
        one: _Examined,
        certificate: x509.Certificate,
        proof: datetime | None,
        *,
        stamps_time: bool,
    ) -> Standing:
        return self._authorities.standing(
            certificate,
            one.mathematics.certificates,
            self._known,
            at=proof or self._at,
            is_proved=proof is not None,
            stamps_time=stamps_time,
        )

    def _stamps(self, one: _Examined) -> Iterator[tuple[Stamp, bool]]:
        """Yield the timestamps over the signature itself, and whether each can be believed."""
        later = self._proof_after(one.place) if one.place is not None else None
        for stamp in stamps_of(one.mathematics):
            is_trusted = False
            if stamp.is_intact and stamp.certificate is not None:
                standing = self._authorities.standing(
                    stamp.certificate,
                    (*stamp.certificates, *one.mathematics.certificates),
                    self._known,
                    at=later or self._at,
                    is_proved=later is not None,
                    stamps_time=True,
                )
                is_trusted = standing.trust is Trust.TRUSTED
            yield stamp, is_trusted

    def _status(self, one: _Examined) -> SignatureStatus:
        candidate, certificate = one.candidate, one.mathematics.signer
        stamps = [] if candidate.is_timestamp else list(self._stamps(one))
        proved = self._proved(one, stamps)
        if candidate.is_timestamp:
            standing = self._standings.get(id(one), _UNCHECKED)
        elif certificate is None or one.mathematics.integrity is Integrity.INVALID:
            standing = _UNCHECKED
        else:
            standing = self._standing(one, certificate, proved, stamps_time=False)
        integrity = _with_stamps(one.integrity, [stamp for stamp, _ok in stamps])
        indication, reason = self._verdict(one, standing, stamps, integrity)
        self._remark(one, standing)
        locks = [candidate.lock]
        return SignatureStatus(
            field=candidate.name,
            kind=_kind(candidate, certificate),
            signer=_name(certificate),
            issuer=_issuer(certificate),
            root=standing.root,
            integrity=integrity,
            trust=standing.trust,
            indication=indication,
            sub_indication=reason,
            coverage=self._coverage(one),
            revision=None if one.place is None else self._evidence.steps[one.place].number,
            level=self._level(one, stamps),
            permission=_PERMISSIONS.get(candidate.lock.level or 0, ""),
            claimed_at=claimed_time(one.mathematics, candidate.entries.get("M")),
            proved_at=proved,
            changes_after=as_changes(one.later, locks),
        )

    def _proved(self, one: _Examined, stamps: Sequence[tuple[Stamp, bool]]) -> datetime | None:
        times = [stamp.time for stamp, is_trusted in stamps if is_trusted]
        if one.place is not None and (later := self._proof_after(one.place)):
            times.append(later)
        if one.candidate.is_timestamp and one.place is not None and one.time:
            times += [time for at, time in self._proofs if at == one.place]
        return min(times, default=None)

    def _verdict(
        self,
        one: _Examined,
        standing: Standing,
        stamps: Sequence[tuple[Stamp, bool]],
        integrity: Integrity,
    ) -> tuple[Indication, str]:
        failed, undecided = Indication.TOTAL_FAILED, Indication.INDETERMINATE
        is_filled = any(finding.kind is ChangeKind.FORM_VALUE for finding in one.later)
        later = self._proof_after(one.place) if one.place is not None else None
        doubts = (
            (one.integrity in (Integrity.INVALID, Integrity.MODIFIED), failed, one.reason),
            (integrity is Integrity.INVALID, failed, "FORMAT_FAILURE"),
            (one.integrity is Integrity.INDETERMINATE, undecided, one.reason),
            (integrity is Integrity.INDETERMINATE, undecided, "TIMESTAMP_NOT_TRUSTED"),
            (standing.trust is not Trust.TRUSTED, standing.indication, standing.sub_indication),
            (one.mathematics.is_weak, undecided, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
            (any(not ok for _stamp, ok in stamps), undecided, "TIMESTAMP_NOT_TRUSTED"),
            (
                any(later is not None and stamp.time > later for stamp, ok in stamps if ok),
                undecided,
                "TIMESTAMP_ORDER_FAILURE",
            ),
            (is_filled and not self._wishes.expect_form_filling, undecided, FORM_FILLED),
        )
        for holds, indication, reason in doubts:
            if holds:
                return indication, reason
        return Indication.TOTAL_PASSED, ""

    def _remark(self, one: _Examined, standing: Standing) -> None:
        remarks = self._evidence.remarks
        if one.mathematics.is_weak:
            remarks["weak-algorithm"] = True
        if standing.trust is Trust.TRUSTED and not standing.is_revocation_known:
            remarks["revocation-not-checked"] = True

    def _coverage(self, one: _Examined) -> Coverage:
        if one.place is None:
            return Coverage.PARTIAL
        is_last = one.place == len(self._evidence.steps) - 1
        return Coverage.WHOLE_DOCUMENT if is_last else Coverage.REVISION

    def _level(self, one: _Examined, stamps: Sequence[tuple[Stamp, bool]]) -> SignatureLevel | None:
        """Return the level reached: later timestamps and validation data count wherever they stand.

        EN 319 142-1, clause 6. Only what this signature's certificate needs counts as its data.
        """
        if one.candidate.sub_filter != "ETSI.CAdES.detached" or one.place is None:
            return None
        certificate = one.mathematics.signer
        is_stamped = any(ok for _stamp, ok in stamps)
        places = [at for at, _time in self._proofs if at > one.place]
        if certificate is None or not (is_stamped or places):
            return SignatureLevel.B_B
        if not covers(self._stored, certificate):
            return SignatureLevel.B_T
        for place in places:
            view = self._evidence.steps[place].view
            data = validation_data(view.graph) if view else None
            if data and covers(data, certificate):
                return SignatureLevel.B_LTA
        return SignatureLevel.B_LT


def _with_stamps(integrity: Integrity, stamps: Sequence[Stamp]) -> Integrity:
    """A sound signature with a broken timestamp is in doubt; with a malformed one it is no CMS."""
    if integrity is not Integrity.VALID or all(stamp.is_intact for stamp in stamps):
        return integrity
    if any(stamp.is_malformed for stamp in stamps):
        return Integrity.INVALID
    return Integrity.INDETERMINATE


def _joined(one: ValidationData, other: ValidationData) -> ValidationData:
    return ValidationData(*(tuple(dict.fromkeys(a + b)) for a, b in zip(one, other, strict=True)))


def _kind(candidate: Candidate, certificate: x509.Certificate | None) -> SignatureKind:
    if candidate.is_timestamp:
        return SignatureKind.TIMESTAMP
    try:
        sealed = certificate is not None and is_seal(certificate)
    except MALFORMED:
        sealed = False
    return SignatureKind.SEAL if sealed else SignatureKind.SIGNATURE


def _name(certificate: x509.Certificate | None) -> str:
    try:
        return common_name(certificate) if certificate is not None else ""
    except MALFORMED:
        return ""


def _issuer(certificate: x509.Certificate | None) -> str:
    try:
        if certificate is None:
            return ""
        native = certificate.issuer.native
        name = native.get("common_name") or certificate.issuer.human_friendly
        return name if isinstance(name, str) else ", ".join(name)
    except MALFORMED:
        return ""
