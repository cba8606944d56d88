"""A small PKI whose every certificate, OCSP answer and revocation list a test makes as it likes.

Nothing stops it from making what no honest authority would: that is what it is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from asn1crypto import algos, core, crl, keys, ocsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

NOW: Final = datetime(2026, 11, 24, 15, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "md5": hashes.MD5(),  # noqa: S303 - to be refused
    "sha1": hashes.SHA1(),  # noqa: S303 - to be refused
    "sha256": hashes.SHA256(),
}
OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"
TIME_STAMPING: Final = "1.3.6.1.5.5.7.3.8"
_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


@cache
def a_key(_name: str, kind: str = "ec") -> Any:
    """Return the key of this name, made at first; ``kind`` is ``ec``, ``rsa`` or ``rsa1024``."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:] or "2048"))
    return ec.generate_private_key({"ec192": ec.SECP192R1()}.get(kind, ec.SECP256R1()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a certificate is wanted."""

    name: str
    key: str = ""
    """The name of its key, where it is not its own."""
    kind: str = "ec"
    usage: Sequence[str] | None = ("digital_signature", "content_commitment")
    purposes: Sequence[str] = ()
    is_authority: bool = False
    begins: datetime = NOW - 300 * DAY
    ends: datetime = NOW + 3000 * DAY
    serial: int = 0
    digest: str = "sha256"
    extensions: Sequence[tuple[str, bool, bytes]] = ()
    """Number, critical or not, value."""
    listed_at: Sequence[str] = ()
    lister: str = ""
    """The common name of another authority that lists it."""


@dataclass(frozen=True)
class Holder:
    """A certificate with its key and its issuer."""

    wanted: Wanted
    certificate: x509.Certificate = field(repr=False)
    key: Any = field(repr=False)
    issuer: "Holder | None" = None


def made(wanted: Wanted, issuer: Holder | None = None) -> Holder:
    """Return a new certificate, by ``issuer`` or by itself."""
    key = a_key(wanted.key or wanted.name, wanted.kind)
    above = issuer.certificate.subject.dump() if issuer else None
    builder = (
        pyca.CertificateBuilder()
        .subject_name(a_name(wanted.name))
        .issuer_name(_name_of(issuer) if above and issuer else a_name(wanted.name))
        .public_key(key.public_key())
        .serial_number(wanted.serial or pyca.random_serial_number())
        .not_valid_before(wanted.begins)
        .not_valid_after(wanted.ends)
    )
    for value, is_critical in _extensions(wanted):
        builder = builder.add_extension(value, critical=is_critical)
    signing = issuer.key if issuer else key
    der = _signed(builder, signing, wanted.digest)
    return Holder(wanted, x509.Certificate.load(der), key, issuer)


def _signed(builder: pyca.CertificateBuilder, key: Any, digest: str) -> bytes:
    """Return the certificate in DER; the library makes no MD5, so that such is signed here."""
    whole = builder.sign(key, hashes.SHA256())
    der = whole.public_bytes(serialization.Encoding.DER)
    if digest == "sha256":
        return der
    loaded = x509.Certificate.load(der)
    algorithm = _algorithm(key, digest)
    loaded["tbs_certificate"]["signature"] = algorithm
    signature = signed_by(key, loaded["tbs_certificate"].dump(force=True), digest)
    made: bytes = x509.Certificate(
        {
            "tbs_certificate": loaded["tbs_certificate"],
            "signature_algorithm": algorithm,
            "signature_value": signature,
        }
    ).dump(force=True)
    return made


def _name_of(holder: Holder) -> pyca.Name:
    return a_name(holder.wanted.name)


def a_name(common: str) -> pyca.Name:
    """Return a name of a country and a common name."""
    return pyca.Name(
        [
            pyca.NameAttribute(NameOID.COUNTRY_NAME, "CA"),
            pyca.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _extensions(wanted: Wanted) -> list[tuple[pyca.ExtensionType, bool]]:
    found: list[tuple[pyca.ExtensionType, bool]] = []
    if wanted.is_authority:
        found.append((pyca.BasicConstraints(ca=True, path_length=None), True))
    if wanted.usage is not None:
        flags = {name: name in wanted.usage for name in _USAGES}
        usage = pyca.KeyUsage(**flags, encipher_only=False, decipher_only=False)
        found.append((usage, True))
    if wanted.purposes:
        found.append(
            (pyca.ExtendedKeyUsage([ObjectIdentifier(one) for one in wanted.purposes]), False)
        )
    if wanted.listed_at or wanted.lister:
        found.append((_points(wanted), False))
    found += [
        (pyca.UnrecognizedExtension(ObjectIdentifier(number), value), is_critical)
        for number, is_critical, value in wanted.extensions
    ]
    return found


def _points(wanted: Wanted) -> pyca.CRLDistributionPoints:
    names = [pyca.UniformResourceIdentifier(url) for url in wanted.listed_at] or None
    lister = [pyca.DirectoryName(a_name(wanted.lister))] if wanted.lister else None
    return pyca.CRLDistributionPoints([pyca.DistributionPoint(names, None, None, lister)])


def _algorithm(key: Any, digest: str) -> algos.SignedDigestAlgorithm:
    suffix = "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa"
    return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_{suffix}"})


def signed_by(key: Any, content: bytes, digest: str = "sha256") -> bytes:
    """Return a signature by a key."""
    algorithm = HASHES[digest]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), algorithm)
    found: bytes = key.sign(content, ec.ECDSA(algorithm))
    return found


@dataclass(frozen=True)
class Told:
    """What an OCSP answer or a list tells of one certificate, and when."""

    about: Holder
    revoked_at: datetime | None = None
    reason: str | None = None
    this_update: datetime = NOW - DAY
    next_update: datetime | None = NOW + 7 * DAY
    invalid_since: datetime | None = None
    entry_extensions: Sequence[tuple[str, bool, bytes]] = ()


@dataclass(frozen=True)
class Answering:
    """How an OCSP answer is made."""

    by: Holder
    sends: Sequence[Holder] = ()
    """Certificates that come along."""
    made_at: datetime = NOW - DAY
    digest: str = "sha256"
    hashed_by: str = "sha1"
    by_key: bool = True
    named: Holder | None = None
    """Whom the answer names as its responder, where that is not who signs."""
    issuer: Holder | None = None
    """Whose name and key the certificate's identifier is made of, if not its issuer's."""
    key_of: Holder | None = None
    """Whose key, if not that issuer's."""
    serial: int = 0
    status: str = ""
    extensions: Sequence[tuple[str, bool, bytes]] = ()
    is_spoiled: bool = False


def an_answer(told: Told, how: Answering) -> bytes:
    """Return an OCSP answer, in DER."""
    named = (how.named or how.by).certificate
    responder = ocsp.ResponderId(
        name="by_key" if how.by_key else "by_name",
        value=named.public_key.sha1 if how.by_key else named.subject,
    )
    data = ocsp.ResponseData(
        {
            "responder_id": responder,
            "produced_at": how.made_at,
            "responses": [_single(told, how)],
            **_some("response_extensions", how.extensions),
        }
    )
    signature = signed_by(how.by.key, data.dump(), how.digest)
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": _algorithm(how.by.key, how.digest),
            "signature": _spoiled(signature) if how.is_spoiled else signature,
            "certs": [one.certificate for one in how.sends],
        }
    )
    whole: bytes = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
        }
    ).dump()
    return whole


def _single(told: Told, how: Answering) -> dict[str, Any]:
    about = told.about
    issuer = (how.issuer or about.issuer or about).certificate
    key = how.key_of.certificate if how.key_of else issuer
    single: dict[str, Any] = {
        "cert_id": {
            "hash_algorithm": {"algorithm": how.hashed_by},
            "issuer_name_hash": _hash(how.hashed_by, issuer.subject.dump()),
            "issuer_key_hash": _hash(how.hashed_by, bytes(key.public_key["public_key"])),
            "serial_number": how.serial or about.certificate.serial_number,
        },
        "cert_status": _status(told, how),
        "this_update": told.this_update,
        **_some("single_extensions", told.entry_extensions),
    }
    return single | ({"next_update": told.next_update} if told.next_update else {})


def _status(told: Told, how: Answering) -> ocsp.CertStatus:
    if how.status == "unknown":
        return ocsp.CertStatus(name="unknown", value=ocsp.StatusUnknown())
    if told.revoked_at is None:
        return ocsp.CertStatus(name="good", value=ocsp.StatusGood())
    revoked: dict[str, Any] = {"revocation_time": told.revoked_at}
    if told.reason:
        revoked["revocation_reason"] = told.reason
    return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(revoked))


@dataclass(frozen=True)
class Listing:
    """How a revocation list is made."""

    by: Holder
    named: Holder | None = None
    """Whose name it bears, where that is not who signs."""
    digest: str = "sha256"
    number: int | None = None
    base: int | None = None
    scope: Mapping[str, Any] | None = None
    extensions: Sequence[tuple[str, bool, bytes]] = ()
    is_spoiled: bool = False
    serial: int = 0


def a_list(told: Told, how: Listing) -> bytes:
    """Return a revocation list, in DER; it names nobody where ``told`` says nothing bad."""
    issuer = (how.named or how.by).certificate.subject
    algorithm = _algorithm(how.by.key, how.digest)
    head: dict[str, Any] = {
        "version": "v2",
        "signature": algorithm,
        "issuer": issuer,
        "this_update": _time(told.this_update),
        **_some("crl_extensions", _list_extensions(how)),
    }
    if told.next_update:
        head["next_update"] = _time(told.next_update)
    if told.revoked_at is not None:
        head["revoked_certificates"] = [_entry(told, how)]
    tbs = crl.TbsCertList(head)
    signature = signed_by(how.by.key, tbs.dump(), how.digest)
    whole: bytes = crl.CertificateList(
        {
            "tbs_cert_list": tbs,
            "signature_algorithm": algorithm,
            "signature": _spoiled(signature) if how.is_spoiled else signature,
        }
    ).dump()
    return whole


def _entry(told: Told, how: Listing) -> dict[str, Any]:
    found = list(told.entry_extensions)
    if told.reason:
        found.append(("2.5.29.21", False, crl.CRLReason(told.reason).dump()))
    if told.invalid_since:
        found.append(("2.5.29.24", False, core.GeneralizedTime(told.invalid_since).dump()))
    return {
        "user_certificate": how.serial or told.about.certificate.serial_number,
        "revocation_date": _time(told.revoked_at or NOW),
        **_some("crl_entry_extensions", found),
    }


def _list_extensions(how: Listing) -> list[tuple[str, bool, bytes]]:
    found = list(how.extensions)
    if how.number is not None:
        found.append(("2.5.29.20", False, core.Integer(how.number).dump()))
    if how.base is not None:
        found.append(("2.5.29.27", True, core.Integer(how.base).dump()))
    if how.scope is not None:
        found.append(("2.5.29.28", True, crl.IssuingDistributionPoint(dict(how.scope)).dump()))
    return found


def issuer_named(holder: Holder) -> tuple[str, bool, bytes]:
    """Return the entry extension that says whose certificate an entry of an indirect list is."""
    name = x509.GeneralName(name="directory_name", value=holder.certificate.subject)
    return ("2.5.29.29", True, x509.GeneralNames([name]).dump())


def point_named(url: str) -> x509.DistributionPointName:
    """Return a distribution point's name, for a list's scope."""
    name = x509.GeneralName(name="uniform_resource_identifier", value=url)
    return x509.DistributionPointName(name="full_name", value=x509.GeneralNames([name]))


def _some(name: str, extensions: Sequence[tuple[str, bool, bytes]]) -> dict[str, Any]:
    if not extensions:
        return {}
    found = [
        {"extn_id": number, "critical": critical, "extn_value": core.ParsableOctetString(value)}
        for number, critical, value in extensions
    ]
    return {name: found}


def _time(moment: datetime) -> x509.Time:
    return x509.Time({"utc_time": core.UTCTime(moment)})


def _hash(name: str, content: bytes) -> bytes:
    made = hashes.Hash(HASHES[name])
    made.update(content)
    return made.finalize()


def _spoiled(signature: bytes) -> bytes:
    return signature[:-1] + bytes([signature[-1] ^ 1])


def private_info(holder: Holder) -> keys.PrivateKeyInfo:
    """Return a holder's key as signing libraries take it."""
    der = holder.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return keys.PrivateKeyInfo.load(der)


def again(holder: Holder, **changes: Any) -> Holder:
    """Return the same certificate with something else about it."""
    return made(replace(holder.wanted, **changes), holder.issuer)
