"""Checks of PAdES signatures by pyHanko, with a look of our own at the bytes around them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from asn1crypto import x509
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from rpa.domain.model import Digest
from rpa.domain.signature import (
    Coverage,
    Indication,
    Integrity,
    SignatureKind,
    SignatureLevel,
    SignatureStatus,
    Trust,
    ValidationReport,
    worst_indication,
    worst_integrity,
)
from rpa.signing.adapters.appearance import common_name
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.pyhanko_signer import load_roots
from rpa.signing.adapters.structure import signature_gap_is_clean, tail_hides_objects

MODIFIED: Final = "MODIFIED_AFTER_SIGNING"
FORMAT_FAILURE: Final = "FORMAT_FAILURE"
CHANGES_UNCLEAR: Final = "LATER_CHANGES_UNCLEAR"
FORM_FILLED: Final = "FORM_FILLED_AFTER_SIGNING"
_COVERED: Final = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


_INTEGRITY: Final = {
    Indication.TOTAL_FAILED: Integrity.INVALID,
    Indication.INDETERMINATE: Integrity.INDETERMINATE,
}


class _Verdict(NamedTuple):
    indication: Indication
    reason: str = ""


_PASSED: Final = _Verdict(Indication.TOTAL_PASSED)


class PyHankoValidator:
    """Checks signatures against given roots; fetches nothing. Safe from several threads."""

    def __init__(self, *, trust_roots: Sequence[Path]) -> None:
        """Read the root certificates that are trusted, signers' and authorities' alike.

        Raises:
            ToolUnavailableError: A file is missing or holds no certificate.
        """
        self._roots = load_roots(trust_roots)

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Check every signature of ``pdf``, document timestamps included; never raises."""
        try:
            reader = PdfFileReader(BytesIO(pdf), strict=False)
            is_closed = reader.encrypted and not _opens_without_password(reader)
            signatures = () if is_closed else tuple(reader.embedded_signatures)
        except MALFORMED:
            return _unreadable(pdf, at, "pdf-unreadable")
        if is_closed:
            return _unreadable(pdf, at, "pdf-encrypted")
        check = _Check(pdf, reader, signatures, self._roots, at)
        statuses = tuple(check.status(signature) for signature in signatures)
        return ValidationReport(
            document=Digest(hashlib.sha256(pdf).hexdigest()),
            checked_at=at,
            integrity=worst_integrity(statuses),
            indication=worst_indication(statuses),
            signatures=statuses,
        )


class _Check:
    """The check of one document."""

    def __init__(
        self,
        pdf: bytes,
        reader: PdfFileReader,
        signatures: Sequence[EmbeddedPdfSignature],
        roots: Sequence[x509.Certificate],
        at: datetime,
    ) -> None:
        self._pdf = pdf
        self._reader = reader
        self._roots = roots
        self._at = at
        self._covered = max((_end(signature) for signature in signatures), default=0)
        self._long_term = _long_term_store(reader)

    def status(self, signature: EmbeddedPdfSignature) -> SignatureStatus:
        """Return what the check of one signature says."""
        found, verdict = self._checked(signature)
        stamp = getattr(found, "timestamp_validity", None)
        is_stamped = bool(stamp and stamp.intact and stamp.valid and stamp.trusted)
        is_document_stamp = _type(signature) == "/DocTimeStamp"
        if found is not None:
            judged = _judged(found, stamp, is_stamped=is_stamped)
            verdict = _worst(verdict, judged, _form_filling(signature, found))
        return SignatureStatus(
            field=str(signature.fq_name),
            kind=SignatureKind.TIMESTAMP if is_document_stamp else SignatureKind.SIGNATURE,
            signer=_signer(signature),
            integrity=_INTEGRITY.get(verdict.indication, Integrity.VALID),
            trust=Trust.TRUSTED if found and found.trusted else Trust.UNKNOWN_ISSUER,
            indication=verdict.indication,
            sub_indication=verdict.reason,
            claimed_at=_time(signature, None, found),
            proved_at=_time(signature, stamp, found) if is_stamped or is_document_stamp else None,
            coverage=(
                Coverage.WHOLE_DOCUMENT
                if found and found.coverage is SignatureCoverageLevel.ENTIRE_FILE
                else Coverage.REVISION
            ),
            level=None if is_document_stamp else self._level(signature, is_stamped=is_stamped),
        )

    def _checked(self, signature: EmbeddedPdfSignature) -> tuple[Any, _Verdict]:
        if not signature_gap_is_clean(self._pdf, _byte_range(signature)):
            return None, _Verdict(Indication.TOTAL_FAILED, FORMAT_FAILURE)
        if tail_hides_objects(self._pdf, self._covered):
            return None, _Verdict(Indication.TOTAL_FAILED, MODIFIED)
        try:
            return self._validated(signature, with_changes=True), _PASSED
        except SignatureValidationError as exc:
            return None, _from_subindication(exc.ades_subindication)
        except MALFORMED:
            return self._checked_without_changes(signature)

    def _checked_without_changes(self, signature: EmbeddedPdfSignature) -> tuple[Any, _Verdict]:
        """Check the signature alone, where what was appended later cannot be made out."""
        try:
            found = self._validated(signature, with_changes=False)
        except SignatureValidationError as exc:
            return None, _from_subindication(exc.ades_subindication)
        except MALFORMED:
            return None, _Verdict(Indication.TOTAL_FAILED, FORMAT_FAILURE)
        if self._covered < len(self._pdf):
            return found, _Verdict(Indication.TOTAL_FAILED, MODIFIED)
        return found, _Verdict(Indication.INDETERMINATE, CHANGES_UNCLEAR)

    def _validated(self, signature: EmbeddedPdfSignature, *, with_changes: bool) -> Any:
        now, skip = self._context(self._at), not with_changes
        if _type(signature) == "/DocTimeStamp":
            return validate_pdf_timestamp(signature, now, skip_diff=skip)
        found = validate_pdf_signature(signature, now, self._context(self._at), skip_diff=skip)
        stamp = found.timestamp_validity
        if stamp is None or found.trusted or not (stamp.intact and stamp.valid and stamp.trusted):
            return found
        # A trusted timestamp proves that the signature existed: the certificate counts as of then.
        then = self._context(stamp.timestamp)
        return validate_pdf_signature(signature, then, self._context(self._at), skip_diff=skip)

    def _context(self, moment: datetime) -> ValidationContext:
        settings: dict[str, Any] = {
            "trust_roots": list(self._roots),
            "allow_fetching": False,
            "moment": moment,
            "revocation_mode": "soft-fail",
        }
        if self._long_term is None:
            return ValidationContext(**settings)
        return self._long_term.as_validation_context(settings)

    def _level(self, signature: EmbeddedPdfSignature, *, is_stamped: bool) -> SignatureLevel | None:
        if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
            return None
        if not is_stamped:
            return SignatureLevel.B_B
        if self._long_term is None:
            return SignatureLevel.B_T
        later = any(
            _end(stamp) > _end(signature) for stamp in self._reader.embedded_timestamp_signatures
        )
        return SignatureLevel.B_LTA if later else SignatureLevel.B_LT


def _worst(*verdicts: _Verdict) -> _Verdict:
    for indication in (Indication.TOTAL_FAILED, Indication.INDETERMINATE):
        for verdict in verdicts:
            if verdict.indication is indication:
                return verdict
    return _PASSED


def _judged(found: Any, stamp: Any, *, is_stamped: bool) -> _Verdict:
    """Turn what pyHanko found into an indication; the first thing wrong gives the reason."""
    failed, undecided = Indication.TOTAL_FAILED, Indication.INDETERMINATE
    trust = found.trust_problem_indic
    must_hold = (
        (found.intact, _Verdict(failed, "HASH_FAILURE")),
        (found.valid, _Verdict(failed, "SIG_CRYPTO_FAILURE")),
        (found.coverage in _COVERED, _Verdict(failed, FORMAT_FAILURE)),
        (_keeps_locks(found), _Verdict(failed, MODIFIED)),
        (trust is None, _from_subindication(trust)),
        (found.trusted, _Verdict(undecided, "NO_CERTIFICATE_CHAIN_FOUND")),
        (stamp is None or is_stamped, _Verdict(undecided, "TIMESTAMP_NOT_TRUSTED")),
        (getattr(found, "seed_value_ok", True), _Verdict(undecided, "SIG_CONSTRAINTS_FAILURE")),
    )
    return next((verdict for holds, verdict in must_hold if not holds), _PASSED)


def _keeps_locks(found: Any) -> bool:
    if found.modification_level is None:
        return True
    if found.docmdp_ok is not None:
        return bool(found.docmdp_ok)
    return found.modification_level is not ModificationLevel.OTHER


def _form_filling(signature: EmbeddedPdfSignature, found: Any) -> _Verdict:
    """Question other fields filled in after signing, where the signer did not allow it in words.

    ISO 32000 allows it by default; shadow attacks show other contents in that way.
    """
    changed = getattr(found.diff_result, "changed_form_fields", ())
    own = {str(name) for name, _value, _ref in enumerate_sig_fields(signature.reader)}
    if found.docmdp_ok is None or signature.docmdp_level is not None or own.issuperset(changed):
        return _PASSED
    return _Verdict(Indication.INDETERMINATE, FORM_FILLED)


def _opens_without_password(reader: PdfFileReader) -> bool:
    return reader.decrypt("").status is not AuthStatus.FAILED


def _from_subindication(found: AdESSubIndic | None) -> _Verdict:
    if found is None:
        return _Verdict(Indication.TOTAL_FAILED, FORMAT_FAILURE)
    is_open = isinstance(found, AdESIndeterminate)
    indication = Indication.INDETERMINATE if is_open else Indication.TOTAL_FAILED
    return _Verdict(indication, found.standard_name)


def _time(signature: EmbeddedPdfSignature, stamp: Any, found: Any) -> datetime | None:
    if stamp is not None:
        return _aware(stamp.timestamp)
    if _type(signature) == "/DocTimeStamp":
        return _aware(getattr(found, "timestamp", None))
    try:
        return _aware(signature.self_reported_timestamp)
    except MALFORMED:
        return None


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _signer(signature: EmbeddedPdfSignature) -> str:
    try:
        return common_name(signature.signer_cert)
    except MALFORMED:
        return ""


def _type(signature: EmbeddedPdfSignature) -> str:
    return str(signature.sig_object_type)


def _byte_range(signature: EmbeddedPdfSignature) -> list[int]:
    try:
        return [int(number) for number in signature.byte_range]
    except MALFORMED:
        return []


def _end(signature: EmbeddedPdfSignature) -> int:
    numbers = _byte_range(signature)
    return numbers[2] + numbers[3] if len(numbers) == 4 else 0


def _long_term_store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        store = DocumentSecurityStore.read_dss(reader)
        # Its parts are read once here, so that damaged ones are told apart from absent ones.
        store.as_validation_context({"trust_roots": [], "allow_fetching": False})
    except (NoDSSFoundError, *MALFORMED):
        return None
    return store


def _unreadable(pdf: bytes, at: datetime, why: str) -> ValidationReport:
    return ValidationReport(
        document=Digest(hashlib.sha256(pdf).hexdigest()),
        checked_at=at,
        integrity=Integrity.UNREADABLE,
        indication=Indication.INDETERMINATE,
        sub_indication=FORMAT_FAILURE,
        warnings=(why,),
    )
