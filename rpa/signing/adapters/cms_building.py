"""CMS signatures for PAdES (ETSI EN 319 142-1, clause 6.3), put together from prepared DER.

What does not change between two signatures of one key is encoded once: certificates, algorithms,
the signing certificate's digest. A signature then costs its digest, a sort of its attributes and
the key's own work. Encoding is DER throughout (X.690, clause 10 and 11): definite lengths, sets in
the order of their encodings.
"""

from collections.abc import Iterable
from typing import Final

from asn1crypto import algos, cms, core
from pyhanko.sign.ades.cades_asn1 import SignerAttributesV2
from pyhanko.sign.general import as_signing_certificate_v2

from rpa.signing.adapters.keys import SigningKey

TIMESTAMP_ROOM: Final = 12_288
"""Bytes kept free in the file for the timestamp of a signature: three RSA-4096 certificates."""

_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_OCTETS: Final = 0x04
_FIRST: Final = 0xA0
_SECOND: Final = 0xA1
_ONE: Final = b"\x02\x01\x01"
_LARGEST_SIGNATURE: Final = 1_024
"""RSA with 8,192 bits."""


class MadeSignature:
    """A signature that is made; a timestamp may still join it."""

    def __init__(self, before: bytes, signer: bytes, value: bytes) -> None:
        """Keep what comes before the signer's part, that part up to its end, and its signature."""
        self._before, self._signer = before, signer
        self.value = value
        """The raw signature: what a signature timestamp is over."""

    def encoded(self, token: bytes | None = None) -> bytes:
        """Return the whole CMS, with the DER timestamp ``token`` over the signature if given.

        The token is an unsigned attribute (ETSI EN 319 122-1, clause 5.3).
        """
        signer = self._signer
        if token is not None:
            stamp = _attribute("signature_time_stamp_token", token)
            signer += tlv(_SECOND, stamp)
        signed = self._before + tlv(_SET, tlv(_SEQUENCE, signer))
        kind = cms.ContentType("signed_data").dump()
        return tlv(_SEQUENCE, kind + tlv(_FIRST, tlv(_SEQUENCE, signed)))


class CmsBuilder:
    """Makes the CMS of one key's signatures. Safe from several threads."""

    def __init__(self, key: SigningKey) -> None:
        """Encode what all its signatures share."""
        self._key = key
        self.digest_name = key.digest
        """The digest for documents: ``sha256``, ``sha384`` or ``sha512``."""
        digest = tlv(_SEQUENCE, algos.DigestAlgorithmId(key.digest).dump())
        self._before = _head(key, digest)
        self._signer = _ONE + _identifier(key) + digest
        self._mechanism = key.mechanism.dump()
        self._attributes = (
            _attribute("content_type", cms.ContentType("data").dump()),
            _attribute(
                "signing_certificate_v2",
                as_signing_certificate_v2(key.certificate, hash_algo=key.digest).dump(),
            ),
            _attribute("cms_algorithm_protection", _protection(digest, self._mechanism)),
        )

    @property
    def room(self) -> int:
        """The most bytes that a signature without a timestamp and role takes."""
        attributes = sum(len(attribute) for attribute in self._attributes)
        return len(self._before) + attributes + len(self._mechanism) + _LARGEST_SIGNATURE + 512

    def signed(self, document_digest: bytes, *, role: str = "") -> MadeSignature:
        """Sign a document's digest (the ``digest_name`` of its byte range).

        Signed are the content type, the digest, the certificate (ESS, version 2), the algorithms
        (RFC 6211), and the role that the signer claims (EN 319 122-1, clause 5.2.6). The time that
        the signer claims stands in the PDF's own ``/M``: PAdES forbids the signing-time attribute.

        Raises:
            ToolUnavailableError: The key can't be used now.
        """
        digest = _attribute("message_digest", core.OctetString(document_digest).dump())
        attributes = [*self._attributes, digest]
        if role:
            attributes.append(_attribute("signer_attributes_v2", _role(role)))
        content = b"".join(sorted(attributes))
        value = self._key.sign(tlv(_SET, content))
        signer = self._signer + tlv(_FIRST, content) + self._mechanism + tlv(_OCTETS, value)
        return MadeSignature(self._before, signer, value)


def tlv(tag: int, content: bytes) -> bytes:
    """Return ``content`` with its tag and definite length (X.690, clause 8.1.3)."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def role_size(role: str) -> int:
    """Return how many bytes a claimed role adds to a signature."""
    return len(_attribute("signer_attributes_v2", _role(role))) if role else 0


def _head(key: SigningKey, digest: bytes) -> bytes:
    """Return a SignedData up to its signers (RFC 5652, clause 5.1)."""
    content = tlv(_SEQUENCE, cms.ContentType("data").dump())
    found = {one.dump() for one in (key.certificate, *key.chain)}
    certificates = tlv(_FIRST, b"".join(sorted(found)))
    return _ONE + tlv(_SET, digest) + content + certificates


def _identifier(key: SigningKey) -> bytes:
    issuer = key.certificate.issuer.dump()
    serial = core.Integer(key.certificate.serial_number).dump()
    return tlv(_SEQUENCE, issuer + serial)


def _protection(digest: bytes, mechanism: bytes) -> bytes:
    # RFC 6211, clause 2: the second algorithm has an implicit tag instead of its own.
    content = core.Sequence.load(mechanism).contents
    return tlv(_SEQUENCE, digest + tlv(_SECOND, content))


def _role(role: str) -> bytes:
    attribute = cms.AttCertAttribute({"type": "2.5.4.41", "values": [core.UTF8String(role)]})
    encoded: bytes = SignerAttributesV2({"claimed_attributes": [attribute]}).dump()
    return encoded


def _attribute(kind: str, *values: bytes) -> bytes:
    return tlv(_SEQUENCE, cms.CMSAttributeType(kind).dump() + tlv(_SET, _ordered(values)))


def _ordered(values: Iterable[bytes]) -> bytes:
    return b"".join(sorted(values))
