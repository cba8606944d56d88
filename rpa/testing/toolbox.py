"""A toolbox without tools: every room faked in memory, the register real."""

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rpa.archive.api import (
    ArchiveFlaw,
    ArchivePart,
    ArchiveRequest,
    PreservationCopy,
    RecordDocument,
)
from rpa.bots.api import Target
from rpa.documents.api import LetterRequest, RecordRequest
from rpa.domain.batch import SplitRule
from rpa.domain.channel import ChannelKind
from rpa.domain.document import MediaType
from rpa.domain.errors import ApplicationError, DocumentRefusedError, RpaError
from rpa.domain.form import FieldDefinition
from rpa.domain.model import Digest, ProcessId
from rpa.domain.pages import Attachment, DocumentFacts, DocumentPages, Mark, PageImage, Sheet
from rpa.domain.reading import FieldValue, Method, Reading
from rpa.domain.signature import (
    Coverage,
    Indication,
    Integrity,
    SignatureLevel,
    SignatureStatus,
    Trust,
    ValidationReport,
)
from rpa.domain.target import LoginSpec, TargetSpec
from rpa.domain.transfer import KeptFile, Software
from rpa.i18n import Language
from rpa.notices.api import MailRules
from rpa.ocr.api import Identification, KnownForm
from rpa.processes.catalog import Catalog
from rpa.processes.folder import ProcessFolder
from rpa.signing.api import (
    FieldPlan,
    Pkcs12Credential,
    PreparedDocument,
    SignedDocument,
    SignerCertificate,
    SigningRequest,
    Upkeep,
)
from rpa.steps.targets import DeclaredTarget, Logins
from rpa.steps.toolbox import ChannelFacts, House, Toolbox, TransferFacts
from rpa.store.anchors import AnchorFolder
from rpa.testing.bots import RecordingBot
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register
from rpa.testing.store import MemoryStore


@dataclass
class FakeDecoder:
    """Takes any bytes for a page, but those that begin with ``damaged``; ``mail`` for an e-mail."""

    attached: tuple[Attachment, ...] = ()

    def inspect(self, content: bytes) -> DocumentFacts:
        """Say what the document is."""
        if content.startswith(b"damaged"):
            raise DocumentRefusedError("The file stops before its end.", code="incomplete")
        if content.startswith(b"locked"):
            raise DocumentRefusedError("Locked.", code="encrypted")
        kind = MediaType.EML if content.startswith(b"mail") else MediaType.TIFF
        return DocumentFacts(media_type=kind, pages=len(_fake_pages(content)), pixels_digest=None)

    def pages(self, content: bytes) -> DocumentPages:
        """Open the document; what is written stands for its pages' pixels."""
        images = tuple(PageImage(page, 0, bilevel=True) for page in _fake_pages(content))
        return DocumentPages(facts=self.inspect(content), images=images)

    def sheets(self, content: bytes) -> tuple[Sheet, ...]:
        """Read each page of ``pages: one|two``: ``T`` is a separator sheet, nothing is blank."""
        return tuple(
            Sheet(not page, (Mark("patch", "T"),) if page == b"T" else ())
            for page in _fake_pages(content)
        )

    def unlocked(self, content: bytes, passwords: Sequence[str]) -> bytes:
        """Open ``locked WORD DOCUMENT`` where the word is known."""
        _locked, word, inside = content.split(b" ", 2)
        if word.decode() not in passwords:
            raise DocumentRefusedError("Locked.", code="encrypted")
        return inside

    def joined(self, fronts: bytes, backs: bytes) -> bytes:
        """Put two documents of pages together."""
        front, back = _fake_pages(fronts), _fake_pages(backs)
        if not 0 <= len(front) - len(back) <= 1:
            raise DocumentRefusedError("Not two sides.", code="other-side")
        sides = zip_longest(front, reversed(back), fillvalue=None)
        return b"pages:" + b"|".join(s for leaf in sides for s in leaf if s is not None)

    def attachments(self, _message: bytes) -> tuple[Attachment, ...]:
        """Return what was put in."""
        return self.attached


def _fake_pages(content: bytes) -> list[bytes]:
    if not content.startswith(b"pages:"):
        return [content]
    return content.removeprefix(b"pages:").split(b"|")


@dataclass
class FakeReader:
    """Knows one process, and reads the values it was given."""

    process: ProcessId | None
    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    """Problem by field name."""
    method: Method = Method.OCR
    failures: list[RpaError] = field(default_factory=list)
    """Raised by the next calls of :meth:`read`, first one first."""

    def identify(
        self, _document: DocumentPages, forms: Sequence[KnownForm]
    ) -> Identification | None:
        """Say that every document is of the one process, if it is in the catalog."""
        known = [form.process for form in forms]
        return Identification(self.process, "title") if self.process in known else None

    def first_pages(
        self, document: DocumentPages, _forms: Sequence[KnownForm], _rule: SplitRule
    ) -> frozenset[int]:
        """Return every page whose picture says ``first``."""
        pages = enumerate(document.images, start=1)
        return frozenset(number for number, page in pages if page.png == b"first")

    def read(self, _document: DocumentPages, form: KnownForm) -> Reading:
        """Return the values given, for every field of the form."""
        if self.failures:
            raise self.failures.pop(0)
        return Reading(fields=tuple(self._value(f) for f in form.form.all_fields()), pages=1)

    def _value(self, asked: FieldDefinition) -> FieldValue:
        problem = self.problems.get(asked.name)
        return FieldValue(
            name=asked.name,
            kind=asked.kind,
            reading=self.values.get(asked.name, ""),
            value=self.values.get(asked.name),
            confidence=0.4 if problem else 0.99,
            method=self.method,
            problems=(problem,) if problem else (),
        )


class FakeComposer:
    """Makes letters of one line."""

    def compose(self, request: LetterRequest) -> bytes:
        """Return a text that names the case and the receipt."""
        return f"letter {request.case_id} {request.receipt_number}".encode()

    def record(self, request: RecordRequest) -> bytes:
        """Return the facts as lines, and what is carried."""
        rows = [f"{name}: {said}" for part in request.sections for name, said in part.rows]
        return "\n".join([request.title, *rows]).encode() + b"\n" + request.attachment


@dataclass
class FakeSigner:
    """Signs by writing so; validates what it signed."""

    failures: list[ApplicationError] = field(default_factory=list)
    due: datetime | None = None
    """When what was raised to B-LTA must be renewed."""

    def prepare(
        self, pdf: bytes, _fields: Sequence[FieldPlan], *, password: str | None = None
    ) -> PreparedDocument:
        """Return the document as it is."""
        del password
        return PreparedDocument(pdf)

    def sign(self, request: SigningRequest) -> SignedDocument:
        """Append the credential's name."""
        if self.failures:
            raise self.failures.pop(0)
        assert isinstance(request.credential, Pkcs12Credential)  # noqa: S101 - what tests use
        signed = request.pdf + f" signed by {request.credential.path}".encode()
        return SignedDocument(signed, level=request.level, wanted=request.level)

    def raised(self, pdf: bytes, *, to: SignatureLevel) -> SignedDocument:
        """Append the level."""
        if self.failures:
            raise self.failures.pop(0)
        return SignedDocument(pdf + f" raised to {to}".encode(), level=to, wanted=to)

    def upkeep(self, pdf: bytes) -> Upkeep:
        """Say when what was archived is due, and that nothing else is."""
        archived = f" raised to {SignatureLevel.B_LTA}".encode() in pdf
        level = SignatureLevel.B_LTA if archived else SignatureLevel.B_T
        return Upkeep(level, due=self.due if archived else None, reason="fake")

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Pass what :meth:`sign` made."""
        passed = b" signed by " in pdf
        status = SignatureStatus(
            field="Signature1",
            signer="fake",
            integrity=Integrity.VALID if passed else Integrity.INVALID,
            trust=Trust.TRUSTED,
            indication=Indication.TOTAL_PASSED if passed else Indication.TOTAL_FAILED,
            sub_indication="" if passed else "HASH_FAILURE",
            coverage=Coverage.WHOLE_DOCUMENT,
            proved_at=at,
            level=SignatureLevel.B_T,
        )
        return ValidationReport(
            document=Digest("0" * 64),
            checked_at=at,
            integrity=status.integrity,
            indication=status.indication,
            sub_indication=status.sub_indication,
            signatures=(status,),
        )


class FakeArchive:
    """Packages by listing what it was given."""

    def copy_of(self, original: ArchivePart) -> PreservationCopy | None:
        """Take the original for its own copy."""
        return PreservationCopy(original.content, "copy.pdf", "PDF/A-2b", "fake 1")

    def likeness(self, source: Sequence[PageImage], copy: Sequence[PageImage]) -> float | None:
        """Compare the pages' bytes."""
        return float(list(source) == list(copy))

    def record_of(self, _package: bytes) -> RecordDocument | None:
        """Find none."""
        return None

    def listed(self, request: ArchiveRequest) -> tuple[KeptFile, ...]:
        """Name the parts by their roles."""
        return tuple(KeptFile(path=p.role, sha256=Digest("0" * 64)) for p in request.parts)

    def package(self, request: ArchiveRequest) -> bytes:
        """Return the roles of the parts."""
        return " ".join([request.case_id, *(part.role.value for part in request.parts)]).encode()

    def verify(self, package: bytes) -> tuple[ArchiveFlaw, ...]:
        """Find a flaw in what is empty."""
        return () if package else (ArchiveFlaw(file="package", problem="unreadable"),)


def _checked(asked: FieldDefinition, text: str) -> FieldValue:
    return FieldValue(
        name=asked.name,
        kind=asked.kind,
        reading=text,
        value=text or None,
        confidence=1,
        method=Method.PERSON,
        problems=("not-accepted",) if text == "wrong" else (),
    )


def fake_target(name: str, *users: str, **said: Any) -> DeclaredTarget:
    """Return a target of the users named, ``u`` if none is; the password is ``p``."""
    logins = [{"username": user, "password": "env:P"} for user in users or ("u",)]
    spec = TargetSpec.model_validate({"url": f"http://{name}", "logins": logins, **said})

    def opened(login: LoginSpec) -> Target:
        return Target(url=spec.url, username=login.username, password="p")  # noqa: S106

    return DeclaredTarget(name=name, spec=spec, open=opened)


def fake_toolbox(
    folder: Path, process: ProcessFolder, clock: FrozenClock, **chosen: Any
) -> Toolbox:
    """Return a toolbox over ``process``, one channel ``fax``; ``chosen`` replaces any tool."""
    signer = FakeSigner()
    tools: dict[str, Any] = {
        "now": clock,
        "register": open_test_register(folder, clock),
        "store": MemoryStore(),
        "decoder": FakeDecoder(),
        "reader": FakeReader(process.process_id),
        "check": _checked,
        "bot": RecordingBot(),
        "composer": FakeComposer(),
        "signer": signer,
        "preserver": signer,
        "validator": signer,
        "archive": FakeArchive(),
        "transfer": _transfer(),
        "timestamps": None,
        "stamp_time": lambda _token, _digest: clock(),
        "signing_health": tuple,
        "anchors": AnchorFolder(folder / "anchors"),
        "catalog": Catalog([process]),
        "channels": {},
        "channel_facts": {"fax": ChannelFacts(kind=ChannelKind.FAX, process=None)},
        "target": fake_target,
        "approve_bot": lambda _path: None,
        "timer": clock.timer(),
        "signer_certificate": lambda _pdf, field: SignerCertificate(
            f"CN={field}", Digest(hashlib.sha256(field.encode()).hexdigest())
        ),
        "mailer": None,
        "mail_rules": MailRules(console_url="https://console.example"),
        "credential": lambda name, *, typed=None: Pkcs12Credential(Path(name), typed or ""),
        "filing_slot": lambda _spec: nullcontext(),
        "house": _house(folder, chosen.pop("language", "en")),
        "actor": "worker:test:1:1",
    }
    tools |= chosen
    logins = Logins(
        tools["register"], owner=tools["actor"], is_dead=lambda _owner: False, timer=tools["timer"]
    )
    return Toolbox(**{"logins": logins, **tools})


def _transfer() -> TransferFacts:
    return TransferFacts(
        software=lambda: (Software(purpose="framework", name="fake", version="1"),)
    )


def _house(folder: Path, language: Language) -> House:
    return House(
        organization="Organisme",
        language=language,
        timezone=ZoneInfo("America/Toronto"),
        inventory=None,
        reports=folder / "reports",
        retries=3,
    )
