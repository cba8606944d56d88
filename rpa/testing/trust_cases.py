"""True and forged revocation data of many kinds, and a signed document to try them on.

``FORGED`` and ``TRUE`` name what an authority, or somebody who would like to be one, says of the
signer's certificate. Each is asked to say ``good`` or ``revoked``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any, Final

from asn1crypto import core, crl, ocsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from rpa.signing.adapters.verification.given import ValidationData
from rpa.testing import signed_samples as samples
from rpa.testing.trust_pki import (
    DAY,
    NOW,
    OCSP_SIGNING,
    TIME_STAMPING,
    Answering,
    Holder,
    Listing,
    Told,
    Wanted,
    a_list,
    again,
    an_answer,
    issuer_named,
    made,
    point_named,
    private_info,
)

SOMEWHERE: Final = "http://listes.example/ac.crl"
ELSEWHERE: Final = "http://listes.example/autre.crl"
_AUTHORITY: Final = ("key_cert_sign", "crl_sign")
_UNKNOWN: Final = ("1.3.6.1.4.1.55555.1", True, b"\x05\x00")


@dataclass(frozen=True)
class Town:
    """The PKI that the cases play in."""

    root: Holder
    authority: Holder
    signer: Holder
    clock: Holder
    impostor: Holder
    """Bears the authority's name, and leads to nothing."""
    other: Holder
    """Another authority under the same root."""
    lister: Holder
    """Another authority, which the signer's certificate says lists it."""
    signer_serial: int = 4242


@cache
def town() -> Town:
    """Return the PKI, made at first."""
    root = made(Wanted("Racine", usage=_AUTHORITY, is_authority=True))
    authority = made(Wanted("AC", usage=_AUTHORITY, is_authority=True), root)
    signer = made(
        Wanted("Signataire", serial=4242, listed_at=[SOMEWHERE], lister="Listes"), authority
    )
    return Town(
        root=root,
        authority=authority,
        signer=signer,
        clock=made(Wanted("Horloge", kind="rsa", purposes=[TIME_STAMPING]), root),
        impostor=made(Wanted("AC", key="faux", usage=_AUTHORITY, is_authority=True)),
        other=made(Wanted("Autre", usage=_AUTHORITY, is_authority=True), root),
        lister=made(Wanted("Listes", usage=("crl_sign",)), root),
    )


@dataclass(frozen=True)
class Given:
    """Revocation data, in DER, with certificates that go with them."""

    answers: Sequence[bytes] = ()
    lists: Sequence[bytes] = ()
    certificates: Sequence[Holder] = ()

    def __add__(self, other: "Given") -> "Given":
        return Given(
            (*self.answers, *other.answers),
            (*self.lists, *other.lists),
            (*self.certificates, *other.certificates),
        )

    def held(self) -> ValidationData:
        """Return the same as what a caller holds."""
        certificates = tuple(one.certificate.dump() for one in self.certificates)
        return ValidationData(certificates, tuple(self.answers), tuple(self.lists))


Case = Callable[[Told], Given]


def signed_document(
    signer: Holder,
    *,
    stamped_at: datetime | None = None,
    clock: Holder | None = None,
    pdf: bytes = b"",
    field: str = "Signature1",
) -> bytes:
    """Return a PDF, a new one if none is given, signed with its chain, stamped if a time is."""
    hand = signers.SimpleSigner(signer.certificate, private_info(signer), _chain(signer))
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    stamper = None
    if stamped_at is not None:
        holder = clock or town().clock
        stamper = DummyTimeStamper(
            holder.certificate, private_info(holder), _chain(holder), fixed_dt=stamped_at
        )
    writer = IncrementalPdfFileWriter(BytesIO(pdf or samples.whole_pdf()), strict=False)
    made_of = signers.PdfSigner(
        metadata, hand, timestamper=stamper, new_field_spec=fields.SigFieldSpec(field)
    )
    return bytes(made_of.sign_pdf(writer, bytes_reserved=30_000).getvalue())


def _chain(holder: Holder) -> Any:
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    above = holder.issuer
    while above is not None:
        store.register(above.certificate)
        above = above.issuer
    return store


def with_store(pdf: bytes, given: Given) -> bytes:
    """Return ``pdf`` with the data in its document security store."""
    if not (given.answers or given.lists or given.certificates):
        return pdf
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[one.certificate for one in given.certificates],
        ocsps=[ocsp.OCSPResponse.load(one) for one in given.answers],
        crls=[crl.CertificateList.load(one) for one in given.lists],
    )
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def says(word: str, **changes: Any) -> Told:
    """Return what is told of the signer: ``good``, or ``revoked`` a month ago."""
    revoked_at = NOW - 30 * DAY if word == "revoked" else None
    return replace(Told(town().signer, revoked_at), **changes)


def chain_is_good() -> Given:
    """Return true lists that clear every certificate but the signer's."""
    place = town()
    return Given(lists=[a_list(Told(place.authority), Listing(place.root))])


def _ocsp(told: Told, by: Holder, *sends: Holder, **how: Any) -> Given:
    return Given([an_answer(told, Answering(by, sends, **how))])


def _list(told: Told, by: Holder, **how: Any) -> Given:
    return Given(lists=[a_list(told, Listing(by, **how))])


def _responder(issuer: Holder, **how: Any) -> Holder:
    facts: dict[str, Any] = {"purposes": [OCSP_SIGNING], "usage": ("digital_signature",)}
    return made(Wanted("Répondeur", **(facts | how)), issuer)


_NO_CHECK: Final = ("1.3.6.1.5.5.7.48.1.5", False, core.Null().dump())


def _delegated(told: Told, issuer: Holder, **how: Any) -> Given:
    responder = _responder(issuer, **how)
    return _ocsp(told, responder, responder)


def _by_dismissed(told: Told) -> Given:
    """Return an answer by a responder that a true list names as revoked."""
    place = town()
    responder = _responder(place.authority)
    gone = Told(responder, NOW - 60 * DAY)
    return _ocsp(told, responder, responder) + _list(gone, place.authority, number=1, base=1)


def _indirect(told: Told, by: Holder, *, about: Holder, **how: Any) -> Given:
    named = replace(told, entry_extensions=[issuer_named(about)])
    scope = {"indirect_crl": True}
    return _list(named, by, scope=scope, **how) + Given(certificates=[by])


def _rolled(told: Told) -> Given:
    """Return a list signed with the authority's next key, certified under the same root."""
    place = town()
    following = made(Wanted("AC", key="suite", usage=_AUTHORITY, is_authority=True), place.root)
    return _list(told, following) + Given(certificates=[following])


def _with_delta(told: Told) -> Given:
    """Return a list that is out of date and says nothing, and a delta that says it."""
    place = town()
    old = Told(place.signer, this_update=NOW - 60 * DAY, next_update=NOW - 50 * DAY)
    return _list(old, place.authority, number=5) + _list(told, place.authority, number=9, base=5)


TRUE: Final[Mapping[str, Case]] = {
    "ocsp by the authority, by key": lambda t: _ocsp(t, town().authority),
    "ocsp by the authority, by name": lambda t: _ocsp(t, town().authority, by_key=False),
    "ocsp, certificate told by SHA-256": lambda t: _ocsp(t, town().authority, hashed_by="sha256"),
    "ocsp with a nonce": lambda t: _ocsp(
        t,
        town().authority,
        extensions=[("1.3.6.1.5.5.7.48.1.2", False, core.OctetString(b"n" * 16).dump())],
    ),
    "ocsp by a responder": lambda t: _delegated(t, town().authority),
    "ocsp by a responder that needs no check": lambda t: _delegated(
        t, town().authority, extensions=[_NO_CHECK]
    ),
    "list": lambda t: _list(t, town().authority),
    "list of all user certificates": lambda t: _list(
        t, town().authority, scope={"only_contains_user_certs": True}
    ),
    "list of the signer's point": lambda t: _list(
        t, town().authority, scope={"distribution_point": point_named(SOMEWHERE)}
    ),
    "list and delta": _with_delta,
    "list by the authority's next key": _rolled,
    "indirect list by whom the certificate names": lambda t: _indirect(
        t, town().lister, about=town().authority
    ),
}
"""Who may speak, and does so in time."""

FORGED: Final[Mapping[str, Case]] = {
    "ocsp by an impostor": lambda t: _ocsp(t, town().impostor, key_of=town().authority),
    "ocsp by an impostor who names the authority": lambda t: _ocsp(
        t, town().impostor, town().impostor, named=town().authority
    ),
    "ocsp with a spoiled signature": lambda t: _ocsp(t, town().authority, is_spoiled=True),
    "ocsp by the signer": lambda t: _ocsp(t, town().signer, town().signer),
    "ocsp by another authority": lambda t: _ocsp(t, town().other, town().other),
    "ocsp about another authority's certificate": lambda t: _ocsp(
        t, town().authority, issuer=town().other
    ),
    "ocsp about another key": lambda t: _ocsp(t, town().authority, key_of=town().other),
    "ocsp about another serial number": lambda t: _ocsp(t, town().authority, serial=4243),
    "ocsp by an impostor's responder": lambda t: _delegated(t, town().impostor),
    "ocsp by the root's responder": lambda t: _delegated(t, town().root),
    "ocsp by a certificate for nothing special": lambda t: _delegated(
        t, town().authority, purposes=[]
    ),
    "ocsp by a web server": lambda t: _delegated(
        t, town().authority, purposes=["1.3.6.1.5.5.7.3.1"]
    ),
    "ocsp by a responder that had run out": lambda t: _delegated(
        t, town().authority, ends=NOW - 5 * DAY
    ),
    "ocsp by a responder not yet begun": lambda t: _delegated(
        t, town().authority, begins=NOW + 5 * DAY
    ),
    "ocsp by a revoked responder": _by_dismissed,
    "ocsp signed with SHA-1": lambda t: _ocsp(t, town().authority, digest="sha1"),
    "ocsp with an unknown critical extension": lambda t: _ocsp(
        t, town().authority, extensions=[_UNKNOWN]
    ),
    "ocsp whose answer has an unknown critical extension": lambda t: _ocsp(
        replace(t, entry_extensions=[_UNKNOWN]), town().authority
    ),
    "ocsp that knows nothing": lambda t: _ocsp(t, town().authority, status="unknown"),
    "list by an impostor": lambda t: _list(t, town().impostor),
    "list with a spoiled signature": lambda t: _list(t, town().authority, is_spoiled=True),
    "list by another authority in the issuer's name": lambda t: _list(
        t, town().other, named=town().authority
    ),
    "list by another authority": lambda t: _list(t, town().other),
    "list by the root": lambda t: _list(t, town().root),
    "list about another serial number": lambda t: _list(
        t, town().authority, serial=4243, scope={"only_contains_ca_certs": True}
    ),
    "list signed with SHA-1": lambda t: _list(t, town().authority, digest="sha1"),
    "list with an unknown critical extension": lambda t: _list(
        t, town().authority, extensions=[_UNKNOWN]
    ),
    "indirect list by whom no certificate names": lambda t: _indirect(
        t, town().other, about=town().authority
    ),
    "indirect list by an impostor of whom the certificate names": lambda t: _indirect(
        t, made(Wanted("Listes", key="faux", usage=("crl_sign",))), about=town().authority
    ),
    "list by a certificate that may sign none": lambda t: _indirect(
        t, again(town().lister, usage=("digital_signature",)), about=town().authority
    ),
}
"""Who may not speak of the signer, or says something else: neither word counts."""

PARTIAL: Final[Mapping[str, Case]] = {
    "stale ocsp": lambda t: _ocsp(
        replace(t, this_update=NOW - 20 * DAY, next_update=NOW - 10 * DAY),
        town().authority,
        made_at=NOW - 20 * DAY,
    ),
    "stale list": lambda t: _list(
        replace(t, this_update=NOW - 20 * DAY, next_update=NOW - 10 * DAY), town().authority
    ),
    "old ocsp without a next update": lambda t: _ocsp(
        replace(t, this_update=NOW - 20 * DAY, next_update=None),
        town().authority,
        made_at=NOW - 20 * DAY,
    ),
    "list of other points": lambda t: _list(
        t, town().authority, scope={"distribution_point": point_named(ELSEWHERE)}
    ),
    "list of authorities alone": lambda t: _list(
        t, town().authority, scope={"only_contains_ca_certs": True}
    ),
    "list of some reasons": lambda t: _list(
        t, town().authority, scope={"only_some_reasons": {"key_compromise"}}
    ),
    "delta alone": lambda t: _list(t, town().authority, number=9, base=5),
    "ocsp from tomorrow": lambda t: _ocsp(
        replace(t, this_update=NOW + DAY), town().authority, made_at=NOW + DAY
    ),
    "list from tomorrow": lambda t: _list(replace(t, this_update=NOW + DAY), town().authority),
}
"""True data that can't clear a certificate; a revocation that they tell of is one."""


def about_another(word: str) -> Given:
    """Return a true indirect list that names the signer's number, but of another authority."""
    return _indirect(says(word), town().lister, about=town().other)


def trust_anchor() -> x509.Certificate:
    """Return the root that is trusted."""
    return town().root.certificate
