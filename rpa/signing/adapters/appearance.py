"""What a reader sees of a signature: a box in the lower margin of the last page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any, Final
from zoneinfo import ZoneInfo

from asn1crypto import x509
from babel.dates import format_datetime
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.ttLib.scaleUpem import scale_upem  # type: ignore[import-untyped]
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp import TextStampStyle

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _, language_of, speaking
from rpa.signing.api import SigningRequest

FONT_PLACES: Final = (
    Path("/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/TTF/DejaVuSans.ttf"),
)
LINE_CHARACTERS: Final = 50
_LETTERS: Final = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2122)
_INK: Final = (0.13, 0.21, 0.33)


@dataclass(frozen=True)
class EmbeddedFont(FontEngineFactory):
    """A font whose used glyphs go into the file, as PDF/A asks."""

    file: Path
    font_size: int

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        """Return an engine that embeds what it shapes."""
        return GlyphAccumulator(
            writer, BytesIO(_font_bytes(self.file)), font_size=self.font_size, obj_stream=obj_stream
        )


def found_font(wanted: Path | None) -> Path:
    """Return ``wanted``, or the first usual font of this machine.

    Raises:
        ToolUnavailableError: There is none.
    """
    for place in [wanted] if wanted else FONT_PLACES:
        if place.is_file():
            return place
    raise ToolUnavailableError(
        _(
            "No font was found for the visible signature. Install the package fonts-liberation2 "
            "or fonts-dejavu-core, or name a TrueType file in the settings."
        ),
        code="font-missing",
    )


def stamp_style(font: Path) -> TextStampStyle:
    """Return the look of the box; the text comes as the parameter ``text``."""
    left = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins(left=8, right=6, top=4, bottom=4),
        inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
    )
    text = TextBoxStyle(
        font=EmbeddedFont(font_size=9, file=font), font_size=9, leading=12, text_color=_INK
    )
    return TextStampStyle(
        stamp_text="%(text)s",
        border_width=1,
        border_color=_INK,
        background=None,
        text_box_style=text,
        inner_content_layout=left,
    )


def stamp_text(request: SigningRequest, certificate: x509.Certificate, zone: ZoneInfo) -> str:
    """Return who signed, when and why, in the letter's language."""
    language = language_of(request.language)
    locale = "fr_CA" if language == "fr" else "en_CA"
    when = format_datetime(request.signed_at, "yyyy-MM-dd HH:mm zzz", tzinfo=zone, locale=locale)
    name = common_name(certificate)
    with speaking(language):
        who = (
            _("Sealed by {name}", name=name)
            if is_seal(certificate)
            else _("Signed by {name}", name=name)
        )
        lines = [*wrap(who, LINE_CHARACTERS), _("on {time}", time=when)]
    lines += wrap(request.reason, LINE_CHARACTERS)
    return "\n".join(lines)


def common_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, or the whole subject where it has none."""
    subject = certificate.subject.native
    name = subject.get("common_name") or certificate.subject.human_friendly
    return name if isinstance(name, str) else ", ".join(name)


def is_seal(certificate: x509.Certificate) -> bool:
    """Say whether the certificate is an organisation's: no person's names, its name first."""
    subject = certificate.subject.native
    if "organization_identifier" in subject:
        return True
    organization = subject.get("organization_name")
    is_person = "given_name" in subject or "surname" in subject
    return (
        not is_person and bool(organization) and common_name(certificate).startswith(organization)
    )


def box_on_page(media_box: Sequence[float], taken: int) -> tuple[int, int, int, int]:
    """Return the place of the next box in the lower margin, in the page's own units.

    Boxes stand two in a row from the left; ``taken`` tells how many stand there already.
    """
    left, bottom, right, _top = (float(edge) for edge in media_box)
    margin = min(71.0, (right - left) / 8)
    gap = 10.0
    width = (right - left - 2 * margin - gap) / 2
    x = left + margin + (taken % 2) * (width + gap)
    y = bottom + 62 + (taken // 2) * 60
    return round(x), round(y), round(x + width), round(y + 52)


@lru_cache(maxsize=4)
def _font_bytes(file: Path) -> bytes:
    """Return the font with the letters of French and English only, 1,000 units to the em.

    A small font is quick to subset anew. PyHanko writes widths in the font's own units, and a PDF
    reads them in thousandths: with 2,048 units text falls apart and PDF/A's width rule is broken.
    """
    options = Options(layout_features=["*"], drop_tables=[*Options().drop_tables, "FFTM", "DSIG"])
    font = TTFont(file)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_LETTERS)
    subsetter.subset(font)
    scale_upem(font, 1000)
    small = BytesIO()
    font.save(small)
    font.close()
    return small.getvalue()
