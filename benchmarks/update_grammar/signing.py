"""Quick signatures that are the same bytes each time: one fixed key for each hand."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from benchmarks.update_grammar.document import Document, Layout
from benchmarks.update_grammar.model import Name, Raw, Ref

AT: Final = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
_RESERVED: Final = 2400
_HOLE: Final = b"<" + b"0" * _RESERVED + b">"
_RANGE: Final = b"[0 0000000001 0000000002 0000000003]"


@dataclass(frozen=True)
class Identity:
    """Somebody who signs."""

    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: bytes


@cache
def identity(name: str, *, stamps: bool = False) -> Identity:
    """Return the holder of the key that belongs to a name."""
    secret = int.from_bytes(hashlib.sha256(name.encode()).digest()[:30], "big") + 1
    key = ec.derive_private_key(secret, ec.SECP256R1())
    subject = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        pyca.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(secret % 2**60 + 1)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=3650))
    )
    if stamps:
        usage = pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return Identity(name, key, made.public_bytes(serialization.Encoding.DER))


def _attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _envelope(who: Identity, digest: bytes, content: dict[str, Any]) -> bytes:
    certificate = x509.Certificate.load(who.certificate)
    own = hashlib.sha256(who.certificate).digest()
    is_stamp = content["content_type"] == "tst_info"
    named = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": own})]})
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", content["content_type"]),
            _attribute("message_digest", digest),
            _attribute("signing_certificate_v2", named),
        ]
    )
    attributes = cms.CMSAttributes(
        sorted(attributes, key=lambda one: bytes(one.dump()))  # DER order of a SET OF
    )
    wanted = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber(
                    {
                        "issuer": certificate.issuer,
                        "serial_number": certificate.serial_number,
                    }
                ),
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": who.key.sign(attributes.dump(force=True), wanted),
        }
    )
    data = cms.SignedData(
        {
            "version": "v3" if is_stamp else "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": content,
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": data})
    return bytes(whole.dump())


def envelope(who: Identity, digest: bytes) -> bytes:
    """Return a detached CMS signature of ``digest`` (ETSI EN 319 122-1, ETSI EN 319 142-1)."""
    return _envelope(who, digest, {"content_type": "data"})


def stamp(who: Identity, digest: bytes) -> bytes:
    """Return a timestamp token over ``digest`` (RFC 3161)."""
    facts = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.3.6.1.4.1.13762.3",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": digest,
            },
            "serial_number": int.from_bytes(digest[:6], "big"),
            "gen_time": AT,
        }
    )
    content = core.ParsableOctetString(facts.dump())
    return _envelope(
        who,
        hashlib.sha256(facts.dump()).digest(),
        {"content_type": "tst_info", "content": content},
    )


def signature_dictionary(extra: dict[str, Any] | None = None, *, stamps: bool = False) -> Any:
    """Return a signature dictionary with room for what is not known yet."""
    kind, filter_ = ("DocTimeStamp", "ETSI.RFC3161") if stamps else ("Sig", "ETSI.CAdES.detached")
    own = {
        "Type": Name(kind),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name(filter_),
        "Contents": Raw(_HOLE),
        "ByteRange": Raw(_RANGE),
    }
    if not stamps:
        own["M"] = b"D:20260302140000Z"
    return own | (extra or {})


def sealed(document: Document, value: Ref, who: Identity, layout: Layout) -> None:
    """Write the update that holds the signature dictionary ``value``, and sign it all."""
    entries = document.entries(value)
    is_stamp = entries.get("Type") == "DocTimeStamp"
    begin = document.save(replace(layout, plain=layout.plain | {value.number}))
    content = document.content
    hole = content.find(_HOLE, begin)
    if hole < 0:
        return  # an earlier change took the dictionary away
    end = hole + len(_HOLE)
    span = b"[0 %010d %010d %010d]" % (hole, end, len(content) - end)
    content = content[:begin] + content[begin:].replace(_RANGE, span, 1)
    digest = hashlib.sha256(content[:hole] + content[end:]).digest()
    der = (stamp if is_stamp else envelope)(who, digest)
    text = der.hex().encode().ljust(_RESERVED, b"0")
    document.content = content[: hole + 1] + text + content[end - 1 :]
    entries["Contents"] = der.ljust(_RESERVED // 2, b"\0")
    entries["ByteRange"] = [0, hole, end, len(content) - end]
