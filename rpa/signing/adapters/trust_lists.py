"""Trust lists from files (ETSI TS 119 612): who is trusted for what, and since when.

A list counts only whole: signed (XAdES) by a certificate that whoever uses it names, and in date.
What is read is what the signature covers, nothing else of the file.
"""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from asn1crypto import x509
from cryptography.x509 import load_der_x509_certificate
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.anchors import Anchor, Period, Use
from rpa.signing.adapters.verification.moments import CLOCKS_DIFFER

_SPACE: Final = "http://uri.etsi.org/02231/v2#"
_NAMES: Final = {"tsl": _SPACE}
_ROOT: Final = f"{{{_SPACE}}}TrustServiceStatusList"
_TYPES: Final = {
    "CA/QC": Use.SIGNING,
    "CA/PKC": Use.SIGNING,
    "NationalRootCA-QC": Use.SIGNING,
    "TSA": Use.STAMPING,
    "TSA/QTST": Use.STAMPING,
    "TSA/TSS-QC": Use.STAMPING,
    "TSA/TSS-AdESQCandQES": Use.STAMPING,
}
"""Service types (clause 5.5.1) that make an authority; others are left out."""
_GRANTED: Final = frozenset(
    {
        "granted",
        "recognisedatnationallevel",
        "undersupervision",
        "supervisionincessation",
        "accredited",
    }
)
"""Statuses (clause 5.5.4) by which a service is trusted; every other ends it."""
_TYPE: Final = "http://uri.etsi.org/TrstSvc/Svctype/"


def read_trust_list(
    file: Path, signers: Sequence[x509.Certificate], *, now: datetime
) -> tuple[Anchor, ...]:
    """Return the trusted services of a list.

    Args:
        file: The list, XML.
        signers: Whose signature it must bear, one of them.
        now: The list must be in date then.

    Raises:
        ToolUnavailableError: It is not there, not signed by one of ``signers``, or not in date.
    """
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise _refused(file, fault.strerror or type(fault).__name__) from fault
    try:
        signed = _signed_part(_parsed(content), content, signers, now)
        if signed is None:
            why = _("its signature is missing, broken, or by none of the certificates named")
            raise _refused(file, why)
        if why := _out_of_date(signed, now):
            raise _refused(file, why)
        return tuple(_anchors(signed))
    except (etree.LxmlError, *MALFORMED) as exc:
        raise _refused(file, _("it can't be read as a trust list")) from exc


def _parsed(content: bytes) -> Any:
    """Return the document, with nothing fetched and no entity filled in."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    if root.tag != _ROOT:
        raise ValueError("no trust list")
    return root


def _signed_part(
    root: Any, content: bytes, signers: Sequence[x509.Certificate], now: datetime
) -> Any:
    """Return the list as one of the signers signed it; None where none did."""
    if root.find("{http://www.w3.org/2000/09/xmldsig#}Signature") is None:
        return None
    wishes = XAdESSignatureConfiguration(
        location="./", require_x509=True, expect_references=True, verification_time=now
    )
    for signer in signers:
        try:
            found = XAdESVerifier().verify(
                content,
                x509_cert=load_der_x509_certificate(signer.dump()),
                expect_config=wishes,
            )
        except (SignXMLException, *MALFORMED):
            continue
        for part in found:
            if part.signed_xml is not None and part.signed_xml.tag == _ROOT:
                return part.signed_xml
    return None


def _out_of_date(root: Any, now: datetime) -> str:
    """Return why a list does not count now (clauses 5.3.14 and 5.3.15); empty where it does."""
    issued = _time(root.findtext(".//tsl:ListIssueDateTime", namespaces=_NAMES))
    following = _time(root.findtext(".//tsl:NextUpdate/tsl:dateTime", namespaces=_NAMES))
    if issued is None or issued > now + CLOCKS_DIFFER:
        return _("it was not issued yet, or does not say when")
    if following is None:
        return _("it is closed: it names no next update")
    if following < now:
        return _("it is out of date since {time}", time=f"{following:%Y-%m-%d %H:%M} UTC")
    return ""


def _anchors(root: Any) -> Iterator[Anchor]:
    for service in root.iterfind(".//tsl:TSPService", _NAMES):
        now = service.find("tsl:ServiceInformation", _NAMES)
        if now is None:
            continue
        told = [now, *service.iterfind("tsl:ServiceHistory/tsl:ServiceHistoryInstance", _NAMES)]
        for certificate in _certificates(now):
            for use in dict.fromkeys(_granted_uses(told)):
                yield Anchor(certificate, use, tuple(_periods(told, use)))


def _granted_uses(instances: Sequence[Any]) -> Iterator[Use]:
    for one in instances:
        use = _use(one)
        if use is not None and _is_granted(one):
            yield use


def _periods(instances: Sequence[Any], use: Use) -> Iterator[Period]:
    """Yield when a service was trusted for a use: each status lasts until the next begins."""
    begun = [(start, one) for one in instances if (start := _start(one)) is not None]
    begun.sort(key=lambda pair: pair[0])
    ends = [later[0] for _one, later in pairwise(begun)]
    for (start, one), end in zip(begun, [*ends, None], strict=True):
        if _use(one) is use and _is_granted(one):
            yield Period(start, end)


def _use(instance: Any) -> Use | None:
    told = instance.findtext("tsl:ServiceTypeIdentifier", "", _NAMES).strip()
    return _TYPES.get(told.removeprefix(_TYPE))


def _is_granted(instance: Any) -> bool:
    told = instance.findtext("tsl:ServiceStatus", "", _NAMES).strip()
    return told.rstrip("/").rpartition("/")[2].lower() in _GRANTED


def _start(instance: Any) -> datetime | None:
    return _time(instance.findtext("tsl:StatusStartingTime", None, _NAMES))


def _certificates(instance: Any) -> Iterator[bytes]:
    path = "tsl:ServiceDigitalIdentity/tsl:DigitalId/tsl:X509Certificate"
    for one in instance.iterfind(path, _NAMES):
        content = base64.b64decode("".join((one.text or "").split()), validate=True)
        x509.Certificate.load(content, strict=True)
        yield content


def _time(text: str | None) -> datetime | None:
    """Return a time of the list, which is always in UTC (clause 5.1.2)."""
    if text is None or not text.strip():
        return None
    found = datetime.fromisoformat(text.strip())
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found


def _refused(file: Path, why: str) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The trust list {file} is not used: {why}. Get it anew from who publishes it, and name "
            "the certificate that signs it.",
            file=file.name,
            why=why,
        ),
        code="trust-list",
    )
