"""What a reader sees of a signature: who, in what quality, when, where and why, and a QR code.

The face never claims a trusted time: what an authority proves is known only after signing, and
stands inside the signature.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from asn1crypto import x509
from babel.dates import format_datetime
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.stamp import BaseStampStyle

from rpa.domain.signature_level import SignatureLevel
from rpa.i18n import Language, _, language_of, speaking
from rpa.late import late
from rpa.signing.adapters.drawing import INK, MUTED, RULE, WHITE, color, form_of
from rpa.signing.adapters.fonts import Typeface, found_font, typeface
from rpa.signing.adapters.lettering import Line, Paragraph, laid_out
from rpa.signing.adapters.naming import common_name, is_seal, issuer_name, short
from rpa.signing.api import SigningRequest

if TYPE_CHECKING:
    from rpa.signing.adapters.qr import QrCode, qr_code
else:  # few faces have a code
    qr_code = late("rpa.signing.adapters.qr", "qr_code")

BAR: Final = 2.6
"""The coloured edge on the left, in points."""
EDGE: Final = 3.0
"""Between the frame and what stands inside."""
MOST_FOR_CODE: Final = 0.4
"""The share of the width that a QR code may take."""
LEAST_MODULE: Final = 0.75
"""Points: a QR code of smaller modules is not drawn, since no phone would read it on paper."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a signature's box says."""

    paragraphs: tuple[Paragraph, ...]
    spoken: str
    """The same in one sentence, for people who hear the page."""
    code: "QrCode | None" = None


@dataclass(frozen=True)
class FaceStyle(BaseStampStyle):
    """Lends a face to pyHanko's embedder."""

    face: Face | None = None
    font: Path | None = None
    rotation: int = 0
    """The page's own rotation."""
    unit: float = 1.0
    """How many points one unit of the page is."""
    is_spoken: bool = True
    """Say it in words too. A field that a signature covers keeps its words: only its value and its
    look may change then, as other validators see it."""

    def create_stamp(self, writer: Any, box: BoxConstraints, text_params: Any) -> Any:
        """Return what puts the face on an annotation."""
        del text_params
        assert self.face is not None  # noqa: S101 - always given here
        size = (float(box.width) * self.unit, float(box.height) * self.unit)
        reference = drawn_face(
            writer, self.face, size, rotation=self.rotation, font=found_font(self.font)
        )
        return _Stamp(reference, self.face.spoken if self.is_spoken else "")


@dataclass(frozen=True, slots=True)
class _Stamp:
    reference: generic.IndirectObject
    spoken: str

    def apply_appearance(self, annotation: generic.DictionaryObject) -> None:
        """Make it what the annotation shows, and what a screen reader says of it."""
        shown = generic.DictionaryObject({pdf_name("/N"): self.reference})  # type: ignore[no-untyped-call]
        annotation[pdf_name("/AP")] = shown
        if self.spoken:
            annotation[pdf_name("/Contents")] = generic.TextStringObject(self.spoken)


def face_of(request: SigningRequest, certificate: x509.Certificate, zone: ZoneInfo) -> Face:
    """Return what the signature's box says, in the document's language."""
    language = language_of(request.language)
    when = time_written(request.signed_at, zone, language)
    name = short(common_name(certificate))
    role, reason, place = map(short, (request.role, request.reason, request.location))
    with speaking(language):
        sealed = is_seal(certificate)
        said = [
            Paragraph(_("Sealed by") if sealed else _("Signed by"), 5.8, is_muted=True, rank=1),
            Paragraph(name, 9.4, is_strong=True),
            Paragraph(role, 6.8),
            Paragraph(_("{time}, {place}", time=when, place=place) if place else when, 6.8),
            Paragraph(_("Reason: {reason}", reason=reason) if reason else "", 6.8),
            Paragraph(_time_note(request.level), 5.2, is_muted=True, rank=2),
            Paragraph(
                _("Certificate issued by {issuer}", issuer=short(issuer_name(certificate))),
                5.2,
                is_muted=True,
                rank=3,
            ),
        ]
        who = _("Sealed by {name}", name=name) if sealed else _("Signed by {name}", name=name)
    shown = tuple(one for one in said if one.text)
    spoken = ", ".join(text for text in (who, role, when, place, reason) if text)
    return Face(shown, spoken, qr_code(request.verify_url) if request.verify_url else None)


def time_written(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return a time with its zone's short name."""
    locale = "fr_CA" if language == "fr" else "en_CA"
    return format_datetime(moment, "yyyy-MM-dd HH:mm zzz", tzinfo=zone, locale=locale)


def waiting_face(tooltip: str) -> Face:
    """Return what an empty field shows: who is to sign there."""
    text = short(tooltip)
    return Face((Paragraph(text, 6.8, is_muted=True),) if text else (), text)


def drawn_face(
    writer: Any, face: Face, size: tuple[float, float], *, rotation: int, font: Path
) -> generic.IndirectObject:
    """Add the face as a form XObject for a box of ``size`` points; ``rotation`` is the page's."""
    width, height = size if rotation % 180 == 0 else (size[1], size[0])
    letters = typeface(font)
    parts = [b"q", *_frame(width, height)]
    code_side = _code_side(face.code, width, height)
    if face.code is not None and code_side:
        parts += _code(face.code, code_side, width, height)
    left = BAR + 2 * EDGE
    room = (max(1.0, width - left - EDGE - code_side), max(1.0, height - 2 * EDGE))
    written = tuple(_in_letters(one, letters) for one in face.paragraphs)
    lines, high = laid_out(written, letters, *room)
    subset = letters.subset("".join(line.text for line in lines)) if lines else None
    if subset is not None:
        top = height - EDGE - max(0.0, (room[1] - high) / 2)
        parts += [_line(line, left, top - line.down, subset.codes(line.text)) for line in lines]
    content = b"\n".join([*parts, b"Q"])
    return form_of(writer, content, (width, height), rotation=rotation, font=subset)


def _time_note(level: SignatureLevel) -> str:
    if level is SignatureLevel.B_B:
        return _("Time stated by the signer.")
    return _("Time stated by the signer; the timestamp inside the document proves it.")


def _in_letters(one: Paragraph, letters: Typeface) -> Paragraph:
    return Paragraph(letters.written(one.text), one.size, one.is_strong, one.is_muted, one.rank)


def _frame(width: float, height: float) -> list[bytes]:
    return [
        color(RULE, stroke=True),
        b"0.5 w 0.25 0.25 %.2f %.2f re S" % (width - 0.5, height - 0.5),
        color(INK),
        b"0 0 %.2f %.2f re f" % (min(BAR, width / 4), height),
    ]


def _code_side(code: "QrCode | None", width: float, height: float) -> float:
    """Return how wide the QR code is drawn; 0 where it would be too small to be read."""
    if code is None:
        return 0.0
    side = min(height - 2, width * MOST_FOR_CODE)
    return side if side / code.side >= LEAST_MODULE else 0.0


def _code(code: "QrCode", side: float, width: float, height: float) -> list[bytes]:
    left, bottom = width - side - 1, (height - side) / 2
    return [
        b"q 1 0 0 1 %.2f %.2f cm" % (left, bottom),
        color(WHITE),
        b"0 0 %.2f %.2f re f" % (side, side),
        color((0.0, 0.0, 0.0)),
        code.drawn(side),
        b"Q",
    ]


def _line(line: Line, left: float, base: float, codes: bytes) -> bytes:
    ink = MUTED if line.is_muted else INK
    style = [b"0 Tr"]
    if line.is_strong:
        # Drawn with an edge of its own colour: one font file serves both weights.
        style = [color(ink, stroke=True), b"%.3f w 2 Tr" % (line.size * 0.028)]
    show = b"BT /F %.3f Tf 1 0 0 1 %.2f %.2f Tm <%s> Tj ET" % (
        *(line.size, left, base),
        codes.hex().encode("ascii"),
    )
    return b"\n".join([color(ink), *style, show])
