"""PAdES signatures by pyHanko: B-B and B-T, and with trust roots B-LT and B-LTA."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator import ValidationContext

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import SignatureLevel
from rpa.i18n import _
from rpa.signing.adapters.appearance import box_on_page, found_font, stamp_style, stamp_text
from rpa.signing.adapters.credentials import DIGEST, KeptKeySigner, Keyring
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.tsa import AuthorityTimeStamper, HttpTimestampAuthority
from rpa.signing.api import (
    FieldPlan,
    Pkcs12Credential,
    PreparedDocument,
    SignedDocument,
    SigningRequest,
)

RESERVED_HEX_DIGITS: Final = 32_768
"""Room for the CMS in the file: 16 kB, enough for two RSA chains and a timestamp.

Saying it spares pyHanko a trial signature, and a trial timestamp, to measure it.
"""

_LONG_TERM: Final = (SignatureLevel.B_LT, SignatureLevel.B_LTA)


class PyHankoSigner:
    """Signs with keys from PKCS#12 files. Safe from several threads."""

    def __init__(
        self,
        *,
        timestamp_url: str | None,
        trust_roots: Sequence[Path] = (),
        font: Path | None = None,
        timezone: str = "America/Toronto",
        timestamp_timeout_s: float = 10.0,
    ) -> None:
        """Keep where timestamps come from and how a visible signature looks.

        ``trust_roots`` are needed for B-LT and B-LTA only: they name the ends of the chains whose
        validation data is fetched and put into the file.
        """
        self._authority = (
            HttpTimestampAuthority(timestamp_url, timeout_s=timestamp_timeout_s)
            if timestamp_url
            else None
        )
        self._trust_roots = tuple(trust_roots)
        self._font = font
        self._zone = ZoneInfo(timezone)
        self._keyring = Keyring()

    def prepare(
        self, pdf: bytes, fields: Sequence[FieldPlan], *, password: str | None = None
    ) -> PreparedDocument:
        """Return the document with empty signature fields.

        Raises:
            SignatureRefusedError: It can't be signed; says why.
        """
        del password
        try:
            writer = _Pdf17Writer(BytesIO(pdf), strict=False)
            for plan in fields:
                place = plan.place
                page = -1 if place is None else place.page - 1 if place.page > 0 else place.page
                edges = place.box if place else (0, 0, 0, 0)
                left, bottom, right, top = (round(edge) for edge in edges)
                append_signature_field(
                    writer, SigFieldSpec(plan.name, on_page=page, box=(left, bottom, right, top))
                )
            output = BytesIO()
            writer.write(output)  # type: ignore[no-untyped-call]
        except MALFORMED as exc:
            raise _refused(exc, ", ".join(plan.name for plan in fields)) from exc
        return PreparedDocument(output.getvalue())

    def sign(self, request: SigningRequest) -> SignedDocument:
        """Return the signed PDF: the given bytes plus one incremental update.

        B-LT and B-LTA append their validation data and document timestamp as further updates.

        Raises:
            SignatureRefusedError: The PDF can't be signed: damaged, encrypted, field taken.
            ToolUnavailableError: The key, or the timestamp authority, can't be had.
        """
        self._check_level(request.level)
        assert isinstance(request.credential, Pkcs12Credential)  # noqa: S101
        key = self._keyring.signer(request.credential)
        try:
            writer = _opened(request)
            signed = self._signed(writer, request, key)
        except MALFORMED as exc:
            raise _refused(exc, request.field) from exc
        except OSError as exc:
            raise _unavailable(exc) from exc
        if not signed.startswith(request.pdf):
            raise SignatureRefusedError(
                _("Signing would have rewritten the document; nothing was signed."),
                code="signature-rewrites",
            )
        return SignedDocument(signed, level=request.level, wanted=request.level)

    def _check_level(self, level: SignatureLevel) -> None:
        if level is not SignatureLevel.B_B and self._authority is None:
            raise SignatureRefusedError(
                _(
                    "The signature level {level} needs a time-stamping authority and none is set. "
                    "Set its address, or ask for the level B-B.",
                    level=level,
                ),
                code="level-needs-timestamp",
            )
        if level in _LONG_TERM and not self._trust_roots:
            raise SignatureRefusedError(
                _(
                    "The signature level {level} needs trusted root certificates and none is set. "
                    "Set them, or ask for the level B-T.",
                    level=level,
                ),
                code="level-needs-trust",
            )

    def _signed(
        self, writer: IncrementalPdfFileWriter, request: SigningRequest, key: KeptKeySigner
    ) -> bytes:
        authority = None if request.level is SignatureLevel.B_B else self._authority
        signer = _DatedSigner(
            self._metadata(request),
            key,
            timestamper=AuthorityTimeStamper(authority) if authority else None,
            stamp_style=stamp_style(found_font(self._font)) if request.visible else None,
            new_field_spec=_field(writer, request),
        )
        signer.signed_at = request.signed_at
        text = stamp_text(request, key.signing_cert, self._zone)
        output = signer.sign_pdf(
            writer, bytes_reserved=RESERVED_HEX_DIGITS, appearance_text_params={"text": text}
        )
        content: bytes = output.getvalue()
        return content

    def _metadata(self, request: SigningRequest) -> PdfSignatureMetadata:
        long_term: dict[str, Any] = {}
        if request.level in _LONG_TERM:
            long_term = {
                "embed_validation_info": True,
                "use_pades_lta": request.level is SignatureLevel.B_LTA,
                "validation_context": ValidationContext(
                    trust_roots=load_roots(self._trust_roots),
                    allow_fetching=True,
                    revocation_mode="require",
                ),
            }
        return PdfSignatureMetadata(
            field_name=request.field,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            reason=request.reason or None,
            location=request.location or None,
            **long_term,
        )


class _Pdf17Writer(IncrementalPdfFileWriter):
    """A writer that leaves the PDF version alone: PDF/A-3 is PDF 1.7 and must not say 2.0."""

    output_version = (1, 7)

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Raise the version to 1.7 at most."""
        super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]


class _DatedSigner(PdfSigner):
    """A signer that claims the time it is told instead of the machine's."""

    signed_at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.signed_at
        return session


def load_roots(files: Sequence[Path]) -> list[x509.Certificate]:
    """Return the certificates in PEM or DER ``files``.

    Raises:
        ToolUnavailableError: A file is missing or holds no certificate.
    """
    try:
        names = [str(file) for file in files]
        return list(load_certs_from_pemder(names))  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as exc:
        raise ToolUnavailableError(
            _(
                "The trusted root certificates cannot be read from {files}.",
                files=", ".join(file.name for file in files),
            ),
            code="trust-roots",
        ) from exc


def _opened(request: SigningRequest) -> IncrementalPdfFileWriter:
    # Hybrid and slightly wrong cross-references are common in real files, so reading is lenient.
    writer = _Pdf17Writer(BytesIO(request.pdf), strict=False)
    if writer.prev.encrypted:
        raise SignatureRefusedError(
            _("The document is encrypted: it can't be signed. Sign an unprotected copy."),
            code="pdf-encrypted",
        )
    for name, value, _field_ref in enumerate_sig_fields(writer.prev):
        if name == request.field and value is not None:
            raise SignatureRefusedError(
                _(
                    "The signature field {field} is signed already: nothing was changed.",
                    field=request.field,
                ),
                code="field-taken",
            )
    return writer


def _field(writer: IncrementalPdfFileWriter, request: SigningRequest) -> SigFieldSpec:
    if not request.visible:
        return SigFieldSpec(request.field)
    others = [name for name, _value, _ref in enumerate_sig_fields(writer.prev)]
    taken = len([name for name in others if name != request.field])
    page, _resources = writer.prev.find_page_for_modification(-1)  # type: ignore[no-untyped-call]
    media_box = _inherited(page.get_object(), "/MediaBox")
    return SigFieldSpec(request.field, on_page=-1, box=box_on_page(media_box, taken))


def _inherited(page: Any, key: str) -> Any:
    while key not in page:
        page = page["/Parent"]
    return page[key]


def _refused(fault: BaseException, field: str) -> SignatureRefusedError:
    # The tool's own words may quote the document: only the kind of the fault is told.
    return SignatureRefusedError(
        _(
            "The document can't be signed in the field {field}: it is damaged, or its locks forbid "
            "it ({fault}). Open it with another program, save it anew, and try again.",
            field=field,
            fault=type(fault).__name__,
        ),
        code="pdf-not-signable",
    )


def _unavailable(fault: OSError) -> ToolUnavailableError:
    return ToolUnavailableError(
        _("Something that signing needs could not be read ({fault}).", fault=type(fault).__name__),
        code="signing-unavailable",
    )
