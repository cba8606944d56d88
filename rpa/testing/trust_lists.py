"""Trust lists (ETSI TS 119 612) that a test makes and signs as it likes."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from rpa.testing.trust_pki import DAY, NOW, Holder, signed_by

SPACE: Final = "http://uri.etsi.org/02231/v2#"
TYPES: Final = "http://uri.etsi.org/TrstSvc/Svctype/"
STATUSES: Final = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"

_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass(frozen=True)
class Listed:
    """A service: whose certificate, of which type, and its statuses with their beginnings."""

    holder: Holder
    kind: str = "CA/QC"
    statuses: Sequence[tuple[str, datetime]] = (("granted", NOW - 900 * DAY),)
    """The newest first."""


def a_trust_list(
    services: Sequence[Listed],
    *,
    issued: datetime = NOW - 5 * DAY,
    following: datetime | None = NOW + 100 * DAY,
) -> Any:
    """Return an unsigned trust list."""
    root = etree.Element(f"{{{SPACE}}}TrustServiceStatusList", nsmap={None: SPACE})
    root.set("Id", "list")
    scheme = _under(root, "SchemeInformation")
    _under(scheme, "TSLVersionIdentifier", "5")
    _under(scheme, "TSLSequenceNumber", "1")
    _under(scheme, "ListIssueDateTime", _written(issued))
    update = _under(scheme, "NextUpdate")
    if following is not None:
        _under(update, "dateTime", _written(following))
    providers = _under(root, "TrustServiceProviderList")
    provider = _under(providers, "TrustServiceProvider")
    held = _under(provider, "TSPServices")
    for one in services:
        _add(held, one)
    return root


def signed_list(root: Any, signer: Holder) -> bytes:
    """Return a trust list with its signature (XAdES, enveloped; clause 5.7.1)."""
    whole = _digested(root)
    der = signer.certificate.dump()
    signature = etree.SubElement(root, f"{{{_DS}}}Signature", nsmap={"ds": _DS, "xades": _XADES})
    signature.set("Id", "sig")
    info = _ds(signature, "SignedInfo")
    value = _ds(signature, "SignatureValue")
    _ds(_ds(_ds(signature, "KeyInfo"), "X509Data"), "X509Certificate", _base64(der))
    properties = _properties(_ds(signature, "Object"), der)
    _ds(info, "CanonicalizationMethod").set("Algorithm", _C14N)
    _ds(info, "SignatureMethod").set("Algorithm", f"{_MORE}ecdsa-sha256")
    _refer(info, "", whole, [f"{_DS}enveloped-signature", _C14N])
    told = _refer(info, "#sp", _digested(properties), [_C14N])
    told.set("Type", "http://uri.etsi.org/01903#SignedProperties")
    signed = signed_by(signer.key, etree.tostring(info, method="c14n", exclusive=True))
    r, s = decode_dss_signature(signed)
    value.text = _base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return bytes(etree.tostring(root))


def _properties(holder: Any, der: bytes) -> Any:
    qualifying = etree.SubElement(holder, f"{{{_XADES}}}QualifyingProperties", Target="#sig")
    properties = etree.SubElement(qualifying, f"{{{_XADES}}}SignedProperties", Id="sp")
    signed = _xades(properties, "SignedSignatureProperties")
    _xades(signed, "SigningTime").text = _written(NOW)
    digest = _xades(_xades(_xades(signed, "SigningCertificateV2"), "Cert"), "CertDigest")
    _ds(digest, "DigestMethod").set("Algorithm", _SHA256)
    _ds(digest, "DigestValue", _base64(hashlib.sha256(der).digest()))
    return properties


def _refer(info: Any, uri: str, digest: str, transforms: Sequence[str]) -> Any:
    reference = _ds(info, "Reference")
    reference.set("URI", uri)
    held = _ds(reference, "Transforms")
    for one in transforms:
        _ds(held, "Transform").set("Algorithm", one)
    _ds(reference, "DigestMethod").set("Algorithm", _SHA256)
    _ds(reference, "DigestValue", digest)
    return reference


def _digested(element: Any) -> str:
    content = etree.tostring(element, method="c14n", exclusive=True)
    return _base64(hashlib.sha256(content).digest())


def _ds(parent: Any, name: str, text: str | None = None) -> Any:
    found = etree.SubElement(parent, f"{{{_DS}}}{name}")
    found.text = text
    return found


def _xades(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{_XADES}}}{name}")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _add(held: Any, service: Listed) -> None:
    one = _under(held, "TSPService")
    (status, begun), *earlier = service.statuses
    _describe(_under(one, "ServiceInformation"), service, status, begun)
    if earlier:
        history = _under(one, "ServiceHistory")
        for past, since in earlier:
            _describe(_under(history, "ServiceHistoryInstance"), service, past, since)


def _describe(element: Any, service: Listed, status: str, begun: datetime) -> None:
    _under(element, "ServiceTypeIdentifier", TYPES + service.kind)
    identity = _under(_under(element, "ServiceDigitalIdentity"), "DigitalId")
    der = service.holder.certificate.dump()
    _under(identity, "X509Certificate", base64.b64encode(der).decode("ascii"))
    _under(element, "ServiceStatus", STATUSES + status)
    _under(element, "StatusStartingTime", _written(begun))


def _under(parent: Any, name: str, text: str | None = None) -> Any:
    found = etree.SubElement(parent, f"{{{SPACE}}}{name}")
    found.text = text
    return found


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
