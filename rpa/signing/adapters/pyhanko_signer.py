"""PAdES signatures by pyHanko: the level asked for, or the highest that authorities allow now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pyhanko.sign.fields import (
    SigSeedSubFilter,
)
from pyhanko.sign.signers.cms_embedder import SigAppearanceSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature_level import LONG_TERM, SignatureLevel
from rpa.i18n import _
from rpa.late import late
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.cms_building import TIMESTAMP_ROOM, CmsBuilder, role_size
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.embedding import Slot, embedded, sha256
from rpa.signing.adapters.field_locks import check_demands, locks_of
from rpa.signing.adapters.keys import SigningKey
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import tooltip_of
from rpa.signing.adapters.opening import OpenedPdf, opened
from rpa.signing.adapters.preparing import add_field, prepared
from rpa.signing.api import (
    Credential,
    FieldPlan,
    Pkcs12Credential,
    PreparedDocument,
    SignedDocument,
    SigningRequest,
)

if TYPE_CHECKING:
    from rpa.signing.adapters.levels import LevelMaker
    from rpa.signing.adapters.lifting import level_maker
    from rpa.signing.adapters.looks import load_looks, signed_look
    from rpa.signing.adapters.proofs import Proof
else:  # an invisible B-B signature asks nobody, and shows nothing
    level_maker = late("rpa.signing.adapters.lifting", "level_maker")
    load_looks = late("rpa.signing.adapters.looks", "load_looks")
    signed_look = late("rpa.signing.adapters.looks", "signed_look")


@dataclass(slots=True)
class _Made:
    """A signature on its way."""

    pdf: bytes = b""
    token: bytes | None = None
    shortfall: str = ""
    shortfall_code: str = ""

    def fell_short(self, error: ToolUnavailableError) -> None:
        """Note what kept the signature from its level."""
        self.shortfall, self.shortfall_code = error.message, error.reason


class PyHankoSigner:
    """Signs with keys of every kind. Safe from several threads."""

    def __init__(
        self,
        *,
        timestamp_url: str | None,
        trust_roots: Sequence[Path] = (),
        font: Path | None = None,
        timezone: str = "America/Toronto",
        timestamp_timeout_s: float = 10.0,
        kept_answers: Path | None = None,
    ) -> None:
        """Keep where timestamps come from and how a visible signature looks.

        ``trust_roots`` are needed for B-LT and B-LTA only: they name the ends of the chains whose
        validation data is fetched and put into the file; ``kept_answers`` is a folder where it
        stays until its next update.
        """
        self._roots = read_certificates(trust_roots)
        self._timestamp_url = timestamp_url
        self._timeout_s = timestamp_timeout_s
        self._kept_answers = kept_answers
        self._font = font
        self._zone = ZoneInfo(timezone)
        self._keyring = Keyring()
        self._builders: dict[bytes, tuple[SigningKey, CmsBuilder]] = {}

    def prepare(
        self, pdf: bytes, fields: Sequence[FieldPlan], *, password: str | None = None
    ) -> PreparedDocument:
        """Return the document with empty signature fields.

        Raises:
            SignatureRefusedError: It can't be signed; says why.
        """
        return prepared(pdf, fields, password=password, font=self._font)

    def sign(self, request: SigningRequest) -> SignedDocument:
        """Return the signed PDF: the given (or mended) bytes plus incremental updates.

        B-LT and B-LTA append their validation data and document timestamp as a second update. An
        authority that does not answer lowers the level, once the signature itself is made.

        Raises:
            SignatureRefusedError: The PDF can't be signed: damaged, locked, field taken; or the
                certificate is revoked.
            ToolUnavailableError: The key can't be had; or an authority, where the request waits.
        """
        if request.level is not SignatureLevel.B_B:
            self._levels.check(request.level, has_roots=bool(self._roots))
        key = self._keyring.key(request.credential)
        found = opened(request.pdf, password=request.password)
        try:
            made = self._signed(found, request, key)
            if not made.pdf.startswith(found.base):
                raise SignatureRefusedError(
                    _("Signing would have rewritten the document; nothing was signed."),
                    code="signature-rewrites",
                )
        except MALFORMED as exc:
            raise _refused(exc, request.field) from exc
        level = self._lift(made, request, key)
        return SignedDocument(
            made.pdf,
            level=level,
            wanted=request.level,
            shortfall=made.shortfall,
            shortfall_code=made.shortfall_code,
            repairs=found.repairs,
        )

    def open(
        self, credential: Credential, level: SignatureLevel, *, drawn_in: str | None = None
    ) -> None:
        """Load and open what signatures of a level need, so that forks of this process share it.

        ``drawn_in`` is the language of visible ones. A key in a token or at a service stays closed:
        each process has a line of its own to it.

        Raises:
            ToolUnavailableError: The key or a font can't be had.
        """
        if level is not SignatureLevel.B_B:
            self._levels  # noqa: B018 - loaded with the first look
        if drawn_in is not None:
            load_looks(drawn_in, zone=self._zone, font=self._font)
        if isinstance(credential, Pkcs12Credential) and not credential.is_typed:
            self._builder(self._keyring.key(credential))

    @cached_property
    def _levels(self) -> "LevelMaker":
        return level_maker(
            self._timestamp_url, self._roots, timeout_s=self._timeout_s, kept=self._kept_answers
        )

    def _lift(self, made: _Made, request: SigningRequest, key: SigningKey) -> SignatureLevel:
        """Bring what is signed to the level wanted, or as high as it goes; return the level."""
        if made.token is None:
            return SignatureLevel.B_B
        try:
            if request.level in LONG_TERM:
                return self._extended(made, request, self._levels.proved(key, made.token))
        except ToolUnavailableError as exc:
            if request.wait:
                raise
            made.fell_short(exc)
        except MALFORMED as exc:
            # A signature that is made is never lost: a later pass may raise it.
            made.shortfall = _("The document could not be extended ({fault}).", fault=_kind(exc))
            made.shortfall_code = "not-extended"
        return SignatureLevel.B_T

    def _extended(
        self, made: _Made, request: SigningRequest, proofs: "Sequence[Proof]"
    ) -> SignatureLevel:
        if request.level is SignatureLevel.B_LTA:
            try:
                made.pdf = self._levels.archived(made.pdf, proofs, password=request.password)
            except ToolUnavailableError as exc:
                if request.wait:
                    raise
                made.fell_short(exc)
            else:
                return SignatureLevel.B_LTA
        made.pdf = self._levels.with_proofs(made.pdf, proofs, password=request.password)
        return SignatureLevel.B_LT

    def _signed(self, found: OpenedPdf, request: SigningRequest, key: SigningKey) -> _Made:
        if request.certify and found.fields.signed:
            raise SignatureRefusedError(
                _("Only a document's first signature can certify it, and this one is signed."),
                code="certify-late",
            )
        exists = found.check_field(request.field, visible=request.visible)
        builder = self._builder(key)
        made = _Made()

        def signature(digest: bytes) -> bytes:
            signed = builder.signed(digest, role=request.role)
            if request.level is not SignatureLevel.B_B:
                try:
                    made.token = self._levels.stamp(sha256(signed.value))
                except ToolUnavailableError as exc:
                    if request.wait:
                        raise
                    made.fell_short(exc)
            return signed.encoded(made.token)

        def setup(field: Any) -> SigObjSetup:
            check_demands(field, request, builder.digest_name)
            return SigObjSetup(
                _placeholder(request, builder.room),
                mdp_setup=locks_of(field, certify=request.certify, digest=builder.digest_name),
                appearance_setup=self._look(found, field, request, key),
            )

        if not exists:
            plan = FieldPlan(request.field, request.place, tooltip_of(request, key.certificate))
            add_field(found, plan, visible=request.visible, signed_now=True, font=self._font)
        slot = Slot(request.field, builder.digest_name)
        made.pdf = embedded(found.writer, slot, setup, signature)
        return made

    def _look(
        self, found: OpenedPdf, field: Any, request: SigningRequest, key: SigningKey
    ) -> SigAppearanceSetup | None:
        if not request.visible:
            return None
        return signed_look(found, field, request, key.certificate, zone=self._zone, font=self._font)

    def _builder(self, key: SigningKey) -> CmsBuilder:
        found = self._builders.get(key.certificate.sha256)
        if found is None or found[0] is not key:
            found = self._builders[key.certificate.sha256] = (key, CmsBuilder(key))
        return found[1]


def _placeholder(request: SigningRequest, room: int) -> SignatureObject:
    room += role_size(request.role)
    if request.level is not SignatureLevel.B_B:
        room += TIMESTAMP_ROOM
    return SignatureObject(
        timestamp=request.signed_at,
        subfilter=SigSeedSubFilter.PADES,
        location=request.location or None,
        reason=request.reason or None,
        bytes_reserved=2 * room,
    )


def _kind(fault: BaseException) -> str:
    return type(fault).__name__


def _refused(fault: BaseException, field: str) -> SignatureRefusedError:
    # The tool's own words may quote the document: only the kind of the fault is told.
    return SignatureRefusedError(
        _(
            "The document can't be signed in the field {field}: it is damaged, or its locks forbid "
            "it ({fault}). Open it with another program, save it anew, and try again.",
            field=field,
            fault=_kind(fault),
        ),
        code="pdf-not-signable",
    )
