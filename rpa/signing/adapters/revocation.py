"""Revocation answers: OCSP (RFC 6960) and lists (RFC 5280), kept until their next update.

What is kept is the authority's own signed answer, in memory and, if a folder is given, there for
the next program. Its signature is checked whenever it is used, wherever it came from.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

import requests
from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.fetchers.common_utils import (
    format_ocsp_request,
    process_ocsp_response_data,
)

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.asking import Line
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name

MAX_KEPT: Final = 1_000
"""Answers kept in memory: more certificates than any organisation signs with at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an authority says of one certificate."""

    told: ocsp.OCSPResponse | crl.CertificateList
    good_until: datetime | None
    """The authority's next update; None where it names none: such an answer is not kept."""


class RevocationSource:
    """Asks what certificates' issuers say of them. Safe from several threads."""

    def __init__(self, line: Line, *, folder: Path | None = None) -> None:
        """Keep the line that authorities are asked on, and where answers are kept."""
        self._line, self._folder = line, folder
        self._kept: dict[str, Answer] = {}
        self._lock = Lock()

    def answer(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        *,
        now: datetime | None,
        by_list: bool = False,
    ) -> Answer:
        """Return what is known of ``certificate``: by OCSP, else by its revocation list.

        The answer may well be that it is revoked; nothing of it is checked yet. Without ``now``
        what is kept is left alone; ``by_list`` leaves OCSP alone.

        Raises:
            SignatureRefusedError: The certificate does not say where to ask.
            ToolUnavailableError: No authority that it names answers.
        """
        responders = [url for url in certificate.ocsp_urls if _is_http(url) and not by_list]
        lists = [
            point.url
            for point in certificate.crl_distribution_points
            if point.url and _is_http(point.url)
        ]
        asks = [partial(self._status, url, certificate, issuer, now=now) for url in responders]
        asks += [partial(self._list, url, now=now) for url in lists]
        fault = None
        for ask in asks:
            try:
                return ask()
            except ToolUnavailableError as exc:
                fault = exc
        if fault is not None:
            raise fault
        raise SignatureRefusedError(
            _(
                "The certificate of {name} does not say where its revocation is told: "
                "the levels B-LT and B-LTA cannot be reached with it. Ask for B-T.",
                name=common_name(certificate),
            ),
            code="revocation-unknown",
        )

    def _status(
        self,
        url: str,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        *,
        now: datetime | None,
    ) -> Answer:
        query = format_ocsp_request(
            certificate,
            AuthorityWithCert(issuer),
            certid_hash_algo="sha1",  # RFC 6960, 4.3: what every responder knows
            request_nonces=True,
        )

        def fetched() -> bytes:
            told = self._line.posted(
                url,
                query.dump(),
                kind="application/ocsp-request",
                wanted="application/ocsp-response",
            )
            process_ocsp_response_data(told, ocsp_request=query, ocsp_url=url)
            return told

        name = f"{url} {issuer.sha256_fingerprint} {certificate.serial_number}"
        return self._answer(url, name, fetched, _read_status, now=now)

    def _list(self, url: str, *, now: datetime | None) -> Answer:
        return self._answer(url, url, lambda: self._line.fetched(url), _read_list, now=now)

    def _answer(
        self,
        url: str,
        name: str,
        fetch: Callable[[], bytes],
        read: Callable[[bytes], Answer],
        *,
        now: datetime | None,
    ) -> Answer:
        key = hashlib.sha256(name.encode()).hexdigest()
        kept = self._known(key, read) if now else None
        if kept and now and kept.good_until and now < kept.good_until:
            self._keep(key, kept)
            return kept

        def asked() -> Answer:
            try:
                content = fetch()
                found = read(content)
            except (requests.RequestException, *MALFORMED, OSError) as exc:
                raise _silent(url, exc) from exc
            if found.good_until is not None:
                self._keep(key, found)
                self._to_folder(key, content)
            return found

        return self._line.asked(url, asked)

    def _known(self, key: str, read: Callable[[bytes], Answer]) -> Answer | None:
        with self._lock:
            kept = self._kept.get(key)
        return kept or self._from_folder(key, read)

    def _keep(self, key: str, answer: Answer) -> None:
        with self._lock:
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = answer

    def _from_folder(self, key: str, read: Callable[[bytes], Answer]) -> Answer | None:
        if self._folder is None:
            return None
        try:
            return read((self._folder / f"{key}.der").read_bytes())
        except (*MALFORMED, OSError):
            return None

    def _to_folder(self, key: str, content: bytes) -> None:
        if self._folder is None:
            return
        # A folder that is full or closed costs another question, no more.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "wb") as target:
                target.write(content)
            Path(name).replace(self._folder / f"{key}.der")


def _read_status(content: bytes) -> Answer:
    told = ocsp.OCSPResponse.load(content, strict=True)
    responses = told.basic_ocsp_response["tbs_response_data"]["responses"]
    updates = [one["next_update"].native for one in responses]
    return Answer(told, None if None in updates else _earliest(updates))


def _read_list(content: bytes) -> Answer:
    told = crl.CertificateList.load(content, strict=True)
    update = told["tbs_cert_list"]["next_update"].native
    return Answer(told, _earliest([update] if update else []))


def _earliest(times: list[datetime]) -> datetime | None:
    return min((time.astimezone(UTC) for time in times), default=None)


def _is_http(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _silent(url: str, fault: BaseException) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The revocation service {url} gave no usable answer ({fault}). "
            "It is asked again later; check the network.",
            url=url,
            fault=type(fault).__name__,
        ),
        code="revocation-service",
    )
