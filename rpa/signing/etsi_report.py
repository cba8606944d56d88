"""A validation report as ETSI TS 119 102-2 has it, in XML.

Each signature has a report; a document timestamp has one too where nobody else signed. What is
judged is what :mod:`rpa.domain.signature` says: this writes it down for other programs.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from rpa.domain.signature import (
    Indication,
    RevocationRule,
    SignatureEvidence,
    SignatureKind,
    SignatureStatus,
    ValidationReport,
)

VR: Final = "http://uri.etsi.org/19102/v1.2.1#"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_URN: Final = "urn:etsi:019102:"
_OWN: Final = "urn:x-paperless-rpa"
"""For what the standard has no name for."""
_NEAREST: Final = {
    "MODIFIED_AFTER_SIGNING": "FORMAT_FAILURE",
    "CHANGES_AFTER_SIGNING_IN_DOUBT": "SIG_CONSTRAINTS_FAILURE",
    "FORM_FILLED_AFTER_SIGNING": "SIG_CONSTRAINTS_FAILURE",
    "TIMESTAMP_NOT_TRUSTED": "SIG_CONSTRAINTS_FAILURE",
    "TIMESTAMP_ORDER_FAILURE": "TIMESTAMP_ORDER_FAILURE",
}
"""The sub-indications of our own, and the standard's that is nearest (EN 319 102-1, 5.1.3)."""


def etsi_report(report: ValidationReport, *, rule: RevocationRule) -> bytes:
    """Return the report in XML; ``rule`` is the policy's word on revocation."""
    for prefix, space in (("vr", VR), ("ds", DS), ("xades", XADES)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{VR}}}ValidationReport")
    told = _told(report)
    for number, status in enumerate(told, start=1):
        _add_signature(root, report, status, number=number, rule=rule)
    if not told:
        _add_nothing(root, report)
    objects = dict(_objects(told))
    if objects:
        held = _vr(root, "SignatureValidationObjects")
        for name, content in objects.items():
            one = _vr(held, "ValidationObject")
            one.set("id", name)
            _vr(one, "ObjectType", f"{_URN}validationObject:certificate")
            _vr(_vr(one, "ValidationObjectRepresentation"), "base64", content)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _told(report: ValidationReport) -> list[SignatureStatus]:
    people = [one for one in report.signatures if one.kind is not SignatureKind.TIMESTAMP]
    return people or list(report.signatures)


def _add_signature(
    root: ET.Element,
    report: ValidationReport,
    status: SignatureStatus,
    *,
    number: int,
    rule: RevocationRule,
) -> None:
    evidence = status.evidence or SignatureEvidence()
    one = _vr(root, "SignatureValidationReport")
    _add_identifier(one, evidence, number)
    _add_policy(one, rule)
    _add_times(one, report.checked_at, status.proved_at)
    if evidence.signed_digest:
        _add_digest(_vr(one, "SignersDocument"), evidence.signed_digest)
    _add_attributes(one, status, evidence)
    names = [_name(content) for content in evidence.chain]
    if names:
        signer = _vr(one, "SignerInformation")
        _vr(signer, "SignerCertificate").set("VOReference", names[0])
        if status.signer:
            _vr(signer, "Signer", _printable(status.signer))
    _add_process(one)
    verdict = _vr(one, "SignatureValidationStatus")
    _add_verdict(verdict, status.indication, status.sub_indication)
    _add_data(verdict, names, status, is_anchored=evidence.is_anchored)


def _add_nothing(root: ET.Element, report: ValidationReport) -> None:
    """Report on a document in which no signature was found, or that can't be read."""
    one = _vr(root, "SignatureValidationReport")
    _add_times(one, report.checked_at, None)
    digest = base64.b64encode(bytes.fromhex(report.document)).decode("ascii")
    _add_digest(_vr(one, "SignersDocument"), digest)
    _add_process(one)
    verdict = _vr(one, "SignatureValidationStatus")
    _add_verdict(verdict, Indication.INDETERMINATE, report.sub_indication)


def _add_identifier(parent: ET.Element, evidence: SignatureEvidence, number: int) -> None:
    found = _vr(parent, "SignatureIdentifier")
    found.set("id", f"signature-{number}")
    if evidence.signature_value:
        ET.SubElement(found, f"{{{DS}}}SignatureValue").text = evidence.signature_value
    _vr(found, "HashOnly", "false")
    _vr(found, "DocHashOnly", "false")


def _add_policy(parent: ET.Element, rule: RevocationRule) -> None:
    held = _vr(parent, "ValidationConstraintsEvaluationReport")
    policy = _vr(held, "SignatureValidationPolicy")
    identifier = _vr(policy, "SignaturePolicyIdentifier")
    ET.SubElement(identifier, f"{{{XADES}}}SignaturePolicyImplied")
    _vr(policy, "PolicyName", f"paperless-rpa, revocation {rule.value}")


def _add_times(parent: ET.Element, checked_at: datetime, proved_at: datetime | None) -> None:
    held = _vr(parent, "ValidationTimeInfo")
    _vr(held, "ValidationTime", _time(checked_at))
    best = _vr(held, "BestSignatureTime")
    _vr(best, "POETime", _time(proved_at or checked_at))
    _vr(best, "TypeOfProof", f"{_URN}poetype:validation")


def _add_digest(parent: ET.Element, digest: str) -> None:
    held = _vr(parent, "DigestAlgAndValue")
    ET.SubElement(held, f"{{{DS}}}DigestMethod").set("Algorithm", _SHA256)
    ET.SubElement(held, f"{{{DS}}}DigestValue").text = digest


def _add_attributes(
    parent: ET.Element, status: SignatureStatus, evidence: SignatureEvidence
) -> None:
    held = ET.Element(f"{{{VR}}}SignatureAttributes")
    if status.claimed_at is not None:
        said = _vr(held, "SigningTime")
        said.set("Signed", "true")
        _vr(said, "Time", _time(status.claimed_at))
    if evidence.sub_filter:
        _vr(_vr(held, "SubFilter"), "SubFilterElement", _printable(evidence.sub_filter))
    if evidence.byte_range:
        _vr(held, "ByteRange", " ".join(map(str, evidence.byte_range)))
    if len(held):
        parent.append(held)


def _add_process(parent: ET.Element) -> None:
    held = _vr(parent, "SignatureValidationProcess")
    _vr(held, "SignatureValidationProcessID", f"{_URN}validationprocess:LTA")


def _add_verdict(parent: ET.Element, indication: Indication, reason: str) -> None:
    _vr(parent, "MainIndication", f"{_URN}mainindication:{indication.value}")
    if reason:
        _vr(parent, "SubIndication", f"{_URN}subindication:{_NEAREST.get(reason, reason)}")


def _add_data(
    parent: ET.Element, names: list[str], status: SignatureStatus, *, is_anchored: bool
) -> None:
    """Add what the verdict rests on: the chain, and what we say in words of our own."""
    held = ET.Element(f"{{{VR}}}AssociatedValidationReportData")
    if is_anchored:
        _vr(held, "TrustAnchor").set("VOReference", names[-1])
    if names:
        chain = _vr(held, "CertificateChain")
        _vr(chain, "SigningCertificate").set("VOReference", names[0])
        last = len(names) - 1 if is_anchored else len(names)
        for name in names[1:last]:
            _vr(chain, "IntermediateCertificate").set("VOReference", name)
        if is_anchored:
            _vr(chain, "TrustAnchor").set("VOReference", names[-1])
    more = _vr(held, "AdditionalValidationReportData")
    for kind, value in _own_words(status):
        one = _vr(more, "ReportData")
        _vr(one, "Type", f"{_OWN}:{kind}")
        _vr(one, "Value", _printable(value))
    parent.append(held)


def _own_words(status: SignatureStatus) -> Iterator[tuple[str, str]]:
    yield "field", status.field
    yield "integrity", status.integrity.value
    yield "trust", status.trust.value
    if status.sub_indication:
        yield "sub-indication", status.sub_indication
    if status.level is not None:
        yield "level", status.level.value


def _objects(told: list[SignatureStatus]) -> Iterator[tuple[str, str]]:
    for status in told:
        for content in status.evidence.chain if status.evidence else ():
            yield _name(content), content


def _name(content: str) -> str:
    return f"certificate-{hashlib.sha256(base64.b64decode(content)).hexdigest()}"


def _vr(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    found = ET.SubElement(parent, f"{{{VR}}}{name}")
    found.text = text
    return found


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _printable(text: str) -> str:
    """Return a text of the document without what XML 1.0 has no sign for."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
