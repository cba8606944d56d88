"""RFC 3161 timestamps over HTTP: asking for them, and checking them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
from asn1crypto import algos, cms, tsp, x509
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity, validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from rpa.domain.errors import IntegrityError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.asking import Line
from rpa.signing.adapters.awaiting import awaited
from rpa.signing.adapters.malformed import MALFORMED


class HttpTimestampAuthority:
    """A time-stamping authority reached over HTTP; safe from several threads."""

    def __init__(self, url: str, *, timeout_s: float = 10.0, line: Line | None = None) -> None:
        """Keep the authority's address and how it is asked."""
        self.url = url
        self._line = line or Line(timeout_s=timeout_s)

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER time-stamp token over a SHA-256 ``digest`` (32 bytes).

        The answer must bear this question's nonce and digest, and its own signature must verify
        (RFC 3161, clause 2.4.2); whether its authority is trusted is asked elsewhere.

        Raises:
            ToolUnavailableError: The authority does not answer, or refuses, after several tries.
        """
        return self._line.asked(self.url, lambda: self._stamped(digest))

    def _stamped(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        try:
            answer = self._line.posted(
                self.url,
                _query(digest, nonce),
                kind="application/timestamp-query",
                wanted="application/timestamp-reply",
            )
            token = _token(tsp.TimeStampResp.load(answer, strict=True), nonce)
            if _imprint(token) != digest:
                raise TimestampRequestError("the answer is about another document")
            encoded: bytes = token.dump()
            facts_of(encoded)
        except (requests.RequestException, *MALFORMED, OSError) as exc:
            raise ToolUnavailableError(
                _(
                    "The time-stamping authority {url} gave no usable answer ({fault}). "
                    "It is asked again later; check its address and the network.",
                    url=self.url,
                    fault=type(exc).__name__,
                ),
                code="timestamp-authority",
            ) from exc
        return encoded


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a time-stamp token says, its own signature checked."""

    time: datetime
    certificate: x509.Certificate
    """The authority's."""
    others: tuple[x509.Certificate, ...]
    """What else it brings along, to build its chain."""


def facts_of(token: bytes) -> TokenFacts:
    """Return what the DER ``token`` says.

    Raises:
        TimestampRequestError, ValueError: It is malformed, or its own signature does not verify.
    """
    return signed_facts(cms.ContentInfo.load(token)["content"])


def signed_facts(signed: cms.SignedData) -> TokenFacts:
    """Return what a token says that was taken out of its envelope; raises as :func:`facts_of`."""
    content = signed["encap_content_info"]["content"]
    found = extract_certificate_info(signed)
    signer = extract_signer_info(signed)
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    if not all(validate_sig_integrity(signer, found.signer_cert, "tst_info", digest)):
        raise TimestampRequestError("the token's own signature does not verify")
    time: datetime = content.parsed["gen_time"].native
    return TokenFacts(time.astimezone(UTC), found.signer_cert, tuple(found.other_certs))


def verify_token(
    token: bytes,
    digest: bytes,
    roots: Sequence[x509.Certificate],
    *,
    at: datetime | None = None,
) -> datetime:
    """Check a time-stamp token over a SHA-256 ``digest``, and return the time it proves.

    The authority's certificate must lead to one of ``roots`` and be good at ``at``; without ``at``,
    at the token's own time.

    Raises:
        IntegrityError: The token is damaged, about something else, or not from a trusted authority.
    """
    try:
        info = cms.ContentInfo.load(token, strict=True)
        signed = info["content"]
        stated: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(
            trust_roots=list(roots), allow_fetching=False, moment=at or stated
        )
        check = validate_tst_signed_data(signed, context, lambda _algorithm: digest)
        found = awaited(check)
        is_good = found["intact"] and found["valid"] and found["trust_problem_indic"] is None
        is_good = is_good and _imprint(info) == digest
    except MALFORMED as exc:
        raise _bad_token() from exc
    if not is_good:
        raise _bad_token()
    return stated.astimezone(UTC)


def _token(answer: tsp.TimeStampResp, nonce: int) -> cms.ContentInfo:
    if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise TimestampRequestError("the request was refused")
    token: cms.ContentInfo = answer["time_stamp_token"]
    if token["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
        raise TimestampRequestError("the answer belongs to another request")
    return token


def _query(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    query = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    encoded: bytes = tsp.TimeStampReq(query).dump()
    return encoded


def _imprint(token: cms.ContentInfo) -> bytes:
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    algorithm: algos.DigestAlgorithm = imprint["hash_algorithm"]
    if algorithm["algorithm"].native != "sha256":
        raise TimestampRequestError("the token is not over a SHA-256 digest")
    hashed: bytes = imprint["hashed_message"].native
    return hashed


def _bad_token() -> IntegrityError:
    return IntegrityError(
        _("The timestamp is not a good one: it is damaged, or its authority is not trusted."),
        code="timestamp-bad",
    )
