"""More kinds of revocation data, kept aside: written once the judgement stood, never tuned to.

The same promise as in ``trust_cases``: what is forged counts as none, what is true counts.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from asn1crypto import core, crl, ocsp, x509

from rpa.testing.trust_cases import SOMEWHERE, Case, Given, town
from rpa.testing.trust_pki import (
    DAY,
    NOW,
    OCSP_SIGNING,
    Answering,
    Holder,
    Listing,
    Told,
    Wanted,
    a_list,
    an_answer,
    made,
    signed_by,
)


def _answer(told: Told, by: Holder, *sends: Holder, **how: Any) -> Given:
    return Given([an_answer(told, Answering(by, sends, **how))])


def _list(told: Told, by: Holder, **how: Any) -> Given:
    return Given(lists=[a_list(told, Listing(by, **how))])


def _responder(issuer: Holder, **how: Any) -> Holder:
    return made(Wanted("Répondeur de l'été", purposes=[OCSP_SIGNING], **how), issuer)


def _among_others(told: Told) -> Given:
    """Return an answer about three certificates, of which the signer's is the last."""
    place = town()
    whole = ocsp.OCSPResponse.load(an_answer(told, Answering(place.authority)))
    basic = whole.basic_ocsp_response
    data = basic["tbs_response_data"]
    mine = data["responses"][0]
    others = []
    for serial in (1, 2):
        content = an_answer(told, Answering(place.authority, serial=serial))
        other = ocsp.OCSPResponse.load(content).basic_ocsp_response
        others.append(other["tbs_response_data"]["responses"][0])
    data["responses"] = [*others, mine]
    basic["signature"] = signed_by(place.authority.key, data.dump(force=True))
    return Given([_wrapped(basic)])


def _wrapped(basic: Any) -> bytes:
    content: bytes = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {
                "response_type": "basic_ocsp_response",
                "response": core.ParsableOctetString(basic.dump(force=True)),
            },
        }
    ).dump()
    return content


def _crowded(told: Told) -> Given:
    """Return a list that names 3,000 other certificates."""
    place = town()
    whole = crl.CertificateList.load(a_list(told, Listing(place.authority)))
    head = whole["tbs_cert_list"]
    entries = list(head["revoked_certificates"]) if told.revoked_at else []
    more = [
        crl.RevokedCertificate(
            {
                "user_certificate": 100_000 + number,
                "revocation_date": x509.Time({"utc_time": core.UTCTime(NOW - DAY)}),
            }
        )
        for number in range(3_000)
    ]
    head["revoked_certificates"] = [*more, *entries]
    whole["signature"] = signed_by(place.authority.key, head.dump(force=True))
    return Given(lists=[whole.dump(force=True)])


def _resigned(told: Told, change: str) -> Given:
    """Return a list whose two statements of its algorithm differ, the signature being sound."""
    place = town()
    whole = crl.CertificateList.load(a_list(told, Listing(place.authority)))
    whole["signature_algorithm"] = {"algorithm": change}
    return Given(lists=[whole.dump(force=True)])


def _below_another(told: Told) -> Given:
    """Return an answer by a responder whom an authority below the signer's issuer appointed."""
    place = town()
    usage = ("key_cert_sign", "crl_sign")
    below = made(Wanted("Sous-AC", usage=usage, is_authority=True), place.authority)
    responder = _responder(below)
    return _answer(told, responder, responder, below) + Given(certificates=[below])


def _unlisted_flag(told: Told) -> Given:
    """Return a list by whom the certificate names, which does not say that it is indirect."""
    place = town()
    return _list(told, place.lister) + Given(certificates=[place.lister])


def _other_point() -> x509.DistributionPointName:
    name = x509.GeneralName(name="uniform_resource_identifier", value=f"{SOMEWHERE}2")
    return x509.DistributionPointName(name="full_name", value=x509.GeneralNames([name]))


def _aside_responder(told: Told) -> Given:
    responder = _responder(town().authority)
    return _answer(told, responder) + Given(certificates=[responder])


def _named(told: Told) -> Given:
    responder = _responder(town().authority)
    return _answer(told, responder, responder, by_key=False)


def _must_not(told: Told) -> Given:
    responder = _responder(town().authority, usage=("key_encipherment",))
    return _answer(told, responder, responder)


def _namesake(told: Told) -> Given:
    """Return a list by a certificate of the authority's name that may sign nothing but lists."""
    lister = made(Wanted("AC", key="listes de l'AC", usage=("crl_sign",)), town().root)
    return _list(told, lister) + Given(certificates=[lister])


_ODD: Final = ("1.3.6.1.4.1.55555.9", False, b"\x05\x00")

TRUE: Final[Mapping[str, Case]] = {
    "ocsp about several certificates": _among_others,
    "ocsp by a responder whose certificate stands in the document": _aside_responder,
    "ocsp by a responder named by name": _named,
    "ocsp without next update, of this morning": lambda t: _answer(
        replace(t, this_update=NOW - DAY / 4, next_update=None),
        town().authority,
        made_at=NOW - DAY / 4,
    ),
    "list with 3,000 others": _crowded,
    "list without next update, of this morning": lambda t: _list(
        replace(t, this_update=NOW - DAY / 4, next_update=None), town().authority
    ),
    "list with an extension that nobody need know": lambda t: _list(
        t, town().authority, extensions=[_ODD]
    ),
    "list by an authority's namesake under the same root": _namesake,
}

FORGED: Final[Mapping[str, Case]] = {
    "ocsp by a responder of an authority below": _below_another,
    "ocsp by a responder that must not sign": _must_not,
    "ocsp signed with MD5": lambda t: _answer(t, town().clock, named=town().authority),
    "ocsp that names another responder": lambda t: _answer(t, town().authority, named=town().other),
    "ocsp whose time runs ahead of its making": lambda t: _answer(
        t, town().authority, made_at=NOW - 100 * DAY
    ),
    "list whose two algorithms differ": lambda t: _resigned(t, "sha384_ecdsa"),
    "list by the signer in the authority's name": lambda t: _list(
        t, town().signer, named=town().authority
    ),
    "list by whom the certificate names, which is not indirect": _unlisted_flag,
    "list with an odd tail": lambda t: Given(
        lists=[a_list(t, Listing(town().authority)) + b"\x05\x00"]
    ),
    "half a list": lambda t: Given(lists=[a_list(t, Listing(town().authority))[:-40]]),
    "half an answer": lambda t: Given([an_answer(t, Answering(town().authority))[:-40]]),
    "no answer at all": lambda _t: Given(
        [ocsp.OCSPResponse({"response_status": "try_later"}).dump()]
    ),
    "nonsense": lambda _t: Given([b"\x30\x03\x02\x01\x01"], [b"\x30\x00", b"0" * 99]),
    "list of attribute certificates": lambda t: _list(
        replace(t, revoked_at=None),
        town().authority,
        scope={"only_contains_attribute_certs": True},
    ),
    "list of another point and another serial number": lambda t: _list(
        t,
        town().authority,
        serial=99,
        scope={"distribution_point": _other_point()},
    ),
}
