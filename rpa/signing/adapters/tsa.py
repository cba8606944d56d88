"""RFC 3161 timestamps over HTTP: asking for them, and checking them."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import requests
from asn1crypto import algos, cms, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from rpa.domain.errors import IntegrityError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.api import TimestampAuthority

MAX_ANSWER_BYTES: Final = 1_000_000


class HttpTimestampAuthority:
    """A time-stamping authority reached over HTTP; safe from several threads."""

    def __init__(self, url: str, *, timeout_s: float = 10.0) -> None:
        """Keep the authority's address and how long to wait for an answer."""
        self.url = url
        self._timeout_s = timeout_s

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER time-stamp token over a SHA-256 ``digest`` (32 bytes).

        Raises:
            ToolUnavailableError: The authority does not answer, or refuses.
        """
        nonce = secrets.randbits(63)
        try:
            answer = self._asked(_query(digest, nonce))
            token = _token(tsp.TimeStampResp.load(answer, strict=True), nonce)
            if _imprint(token) != digest:
                raise TimestampRequestError("the answer is about another document")
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
        encoded: bytes = token.dump()
        return encoded

    def _asked(self, query: bytes) -> bytes:
        headers = {
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
        }
        with requests.post(
            self.url, data=query, headers=headers, timeout=self._timeout_s, stream=True
        ) as answer:
            answer.raise_for_status()
            content = answer.raw.read(MAX_ANSWER_BYTES + 1, decode_content=True)
        if len(content) > MAX_ANSWER_BYTES:
            raise TimestampRequestError("the answer is too long")
        return bytes(content)


class AuthorityTimeStamper(TimeStamper):
    """Lends a :class:`~rpa.signing.api.TimestampAuthority` to pyHanko."""

    def __init__(self, authority: TimestampAuthority) -> None:
        """Keep the authority that is asked."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the authority's token over ``message_digest``, which must be a SHA-256."""
        if md_algorithm != "sha256":
            raise TimestampRequestError("only SHA-256 is stamped")
        return cms.ContentInfo.load(self._authority.stamp(message_digest))


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
        found = asyncio.run(check)
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
