"""Checks of signed PDFs for anybody: no home, no register, no server, no account.

A third party's program needs two lines::

    for answer in verified([Path("letter.pdf")], roots=[Path("root.pem")]):
        print(answer.path, answer.report.integrity, answer.report.indication)
"""

import base64
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpa.bootstrap.clock import clock
from rpa.domain.errors import ApplicationError, NotFoundError, RpaError, SetupError
from rpa.domain.signature import RevocationRule, ValidationReport
from rpa.i18n import _
from rpa.late import late
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.verification.anchors import Anchor
from rpa.signing.adapters.verification.contained import (
    WORKERS,
    CheckLimits,
    ContainedValidator,
    Demand,
)
from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.api import SignatureValidator

if TYPE_CHECKING:
    from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
    from rpa.signing.adapters.trust_lists import read_trust_list
else:  # a contained check loads it in its own process
    PyHankoValidator = late("rpa.signing.adapters.pyhanko_validator", "PyHankoValidator")
    read_trust_list = late("rpa.signing.adapters.trust_lists", "read_trust_list")

_PEM: Final = re.compile(rb"-----BEGIN X509 CRL-----(.+?)-----END X509 CRL-----", re.DOTALL)

_SEQUENCE: Final = b"\x30"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms documents are checked."""

    expect_form_filling: bool = False
    """Fields filled in after signing are no cause for doubt."""
    with_evidence: bool = False
    """Hand out what a report refers to, too: signature values and certificates."""
    revocation_lists: tuple[Path, ...] = ()
    """Files of revocation lists, PEM or DER, beside those in the documents."""
    ocsp_answers: tuple[Path, ...] = ()
    """Files of OCSP answers, DER, beside those in the documents."""
    revocation: RevocationRule = RevocationRule.REQUIRED
    """What is said where nothing tells whether a certificate was revoked."""
    trust_lists: tuple[Path, ...] = ()
    """Files of trust lists (ETSI TS 119 612), whose services are trusted beside the roots."""
    trust_list_signers: tuple[Path, ...] = ()
    """Certificates, PEM or DER, of which one must have signed each of those."""
    passwords: tuple[str, ...] = field(default=(), repr=False)
    """Tried on encrypted documents."""
    limits: CheckLimits = field(default_factory=CheckLimits)
    """What the check of one document may cost."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one file."""

    path: Path
    report: ValidationReport | None
    error: RpaError | None = None
    """Why there is no report: the file is not there, or nothing could be started."""


def open_validator(
    *, roots: Sequence[Path], contained: bool = True, terms: Terms | None = None
) -> SignatureValidator:
    """Return what checks signatures against ``roots`` (certificates, PEM or DER).

    Args:
        roots: Whom to trust, signers' and time-stamping authorities' roots alike; none trusts
            nobody, and integrity is told all the same.
        contained: Check each document in a child process with bounds of time and memory.
        terms: Passwords, revocation lists, what is expected.

    Raises:
        ToolUnavailableError: A root's file is missing or holds no certificate; a trust list is
            not there, not signed by one of its signers, or out of date.
        NotFoundError: A file of revocation data is missing.
        SetupError: It holds none.
    """
    terms = terms or Terms()
    held = ValidationData(
        ocsp_answers=tuple(_der(path, _content(path)) for path in terms.ocsp_answers),
        revocation_lists=tuple(one for path in terms.revocation_lists for one in _lists_in(path)),
    )
    anchors = tuple(_anchors(terms))
    if not contained:
        return PyHankoValidator(
            trust_roots=roots,
            held=held,
            anchors=anchors,
            revocation=terms.revocation,
            passwords=terms.passwords,
            expect_form_filling=terms.expect_form_filling,
        )
    demand = Demand(
        roots=tuple(root.dump() for root in read_certificates(roots)),
        revocation_lists=held.revocation_lists,
        ocsp_answers=held.ocsp_answers,
        anchors=anchors,
        revocation=terms.revocation,
        passwords=terms.passwords,
        expect_form_filling=terms.expect_form_filling,
        with_evidence=terms.with_evidence,
    )
    return ContainedValidator(demand, terms.limits)


def verified(
    files: Iterable[Path],
    *,
    roots: Sequence[Path] = (),
    at: datetime | None = None,
    terms: Terms | None = None,
) -> Iterator[Answer]:
    """Check ``files``, two at a time, and yield an answer for each, in their order.

    A folder stands for all PDFs in it and below. A file that is not there gives an answer with an
    error, and the next is checked all the same.

    Args:
        files: PDFs, and folders of such.
        roots: As for :func:`open_validator`.
        at: The moment to judge certificates at; now if not said.
        terms: As for :func:`open_validator`.

    Raises:
        ToolUnavailableError: A root's file is missing or holds no certificate; a trust list is
            not there, not signed by one of its signers, or out of date.
        NotFoundError: A file of revocation data is missing.
        SetupError: It holds none.
    """
    validator = open_validator(roots=roots, terms=terms)
    moment = at or clock()
    waiting: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for path in _files(files):
            waiting.append(pool.submit(_answer, path, validator, moment))
            if len(waiting) > 2 * WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _answer(path: Path, validator: SignatureValidator, at: datetime) -> Answer:
    try:
        return Answer(path, validator.validate(path.read_bytes(), at=at))
    except OSError as fault:
        return Answer(path, None, _unread(path, fault))
    except ApplicationError as fault:
        return Answer(path, None, fault)


def _files(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(
                one for one in path.rglob("*") if one.suffix.lower() == ".pdf" and one.is_file()
            )
        else:
            yield path


def _anchors(terms: Terms) -> Iterator[Anchor]:
    if not terms.trust_lists:
        return
    signers, now = read_certificates(terms.trust_list_signers), clock()
    for path in terms.trust_lists:
        yield from read_trust_list(path, signers, now=now)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise _unread(path, fault) from fault


def _lists_in(path: Path) -> list[bytes]:
    content = _content(path)
    blocks = _PEM.findall(content)
    return [base64.b64decode(block) for block in blocks] or [_der(path, content)]


def _der(path: Path, content: bytes) -> bytes:
    if not content.startswith(_SEQUENCE):
        raise SetupError(
            _(
                "{file} holds no revocation data: a list is wanted in PEM or DER, an OCSP answer "
                "in DER.",
                file=path,
            )
        )
    return content


def _unread(path: Path, fault: OSError) -> NotFoundError:
    return NotFoundError(
        _(
            "{file} cannot be read: {cause}.",
            file=path,
            cause=fault.strerror or type(fault).__name__,
        )
    )
