"""Filled and faxed forms with their truth, drawn on real blanks, to measure the reading on."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.model import ProcessId
from rpa.ocr.adapters.proposal import proposed_form
from rpa.ocr.api import KnownForm
from rpa.testing.faxes import DPI, FaxLine, fax, rendered_page

POINT: Final = DPI / 72
TYPEFACES: Final = (
    "LiberationMono-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "LiberationSans-Bold.ttf",
    "DejaVuSans.ttf",
    "DejaVuSansMono.ttf",
)
FIRST: Final = (
    "Marie-Ève", "André", "Jean-François", "Noémie", "Étienne", "Zoé", "Gaëtan", "Loïc", "Chantal",
    "Benoît", "Françoise", "Hélène", "William", "Océane", "Thérèse", "Guy", "Mélanie", "Olivier",
)  # fmt: skip
LAST: Final = (
    "Tremblay", "Gagnon", "Côté", "Bélanger", "Lévesque", "O'Neill", "Saint-Onge", "Bouchard",
    "Gauthier", "Lachapelle", "Vézina", "D'Amours", "Picard", "Huỳnh"[:2] + "ard", "Quirion",
)  # fmt: skip
TOWNS: Final = (
    "Trois-Rivières", "Saint-Jérôme", "Québec", "Montréal", "Sept-Îles", "Rouyn-Noranda", "Gaspé",
    "L'Assomption", "Lévis", "Châteauguay", "Chicoutimi", "Val-d'Or", "Joliette", "Alma",
)  # fmt: skip
STREETS: Final = ("rue Principale", "avenue du Parc", "boul. Laurier", "chemin Sainte-Foy",
                  "rang Saint-Louis", "place d'Armes", "côte de la Montagne")  # fmt: skip
WORDS: Final = (
    "Transport de bois", "Achat de fournitures", "Inspection annuelle", "Terrain clôturé",
    "Réfection du toit", "Honoraires", "Véhicule de service", "Entretien ménager", "Don en nature",
    "Travaux publics", "Cession à titre gratuit", "Matériel informatique", "Sans objet",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FilledForm:
    """A form as it was faxed, and what stands in its fields."""

    name: str
    known: KnownForm
    truth: dict[str, str]
    ticks: dict[str, bool]
    document: bytes


@dataclass(frozen=True, slots=True)
class Harm:
    """What happens to a page on its way: see :class:`rpa.testing.faxes.FaxLine` for the line."""

    dpi: tuple[int, int] = (204, 196)
    skew: float = 2.0
    stretch: float = 0.01
    crop: float = 0.02
    noise: float = 0.001


def blanks(data: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the blank forms that have PDF form fields, emptied."""
    for folder, pattern in (("fr-forms", "*.pdf"), ("azure-forms", "*/fw*_1.pdf"),
                            ("azure-forms", "*/f1099msc_recipient.pdf")):  # fmt: skip
        for path in sorted((data / folder).glob(pattern)):
            emptied = _emptied(path)
            if emptied is not None:
                yield path.stem, emptied


def known_form(name: str, blank: bytes, *, pages: int = 1) -> KnownForm:
    """Return the form as ``rpa form new`` proposes it, less what no typed answer fits into."""
    proposed = proposed_form(blank)
    fields = [
        field for field in _apart(proposed.fields) if field.page <= pages and _is_usable(field)
    ]
    plain = [
        field
        if field.kind is FieldKind.CHECKBOX
        else field.model_copy(update={"kind": FieldKind.TEXT})
        for field in fields
    ]
    form = FormDefinition(title=proposed.title, pages=pages, fields=tuple(plain))
    return KnownForm(ProcessId(name.lower().replace("_", "-")), form, blank)


def filled(
    known: KnownForm, *, seed: int, harm: Harm, hand: str = "typed", share: float = 0.7
) -> FilledForm:
    """Fill a share of the fields, each with a value that fits, and fax the page."""
    chance = random.Random(seed)  # noqa: S311 - drawings, no secrets
    page = rendered_page(known.blank, 1)
    draw = ImageDraw.Draw(page)
    face = chance.choice(TYPEFACES)
    truth, ticks = {}, {}
    for field in known.form.fields:
        if field.page != 1:
            continue
        if field.kind is FieldKind.CHECKBOX:
            ticks[field.name] = chance.random() < 0.3
            if ticks[field.name]:
                _tick(draw, field, chance)
        elif chance.random() < share:
            text = _typed(page, field, face, chance, pencil=hand == "pencil")
            if text:
                truth[field.name] = text
    return FilledForm(known.process, known, truth, ticks, _faxed(page, harm, chance, seed))


def _faxed(page: Image.Image, harm: Harm, chance: random.Random, seed: int) -> bytes:
    stretched = page.resize(
        (
            round(page.width * (1 + chance.uniform(-harm.stretch, harm.stretch))),
            round(page.height * (1 + chance.uniform(-harm.stretch, harm.stretch))),
        ),
        Image.Resampling.BICUBIC,
    )
    left, top, right, bottom = (chance.uniform(0, harm.crop) for _ in range(4))
    cropped = stretched.crop(
        (
            round(left * page.width), round(top * page.height),
            round(stretched.width - right * page.width),
            round(stretched.height - bottom * page.height),
        )
    )  # fmt: skip
    line = FaxLine(
        dpi=harm.dpi, skew_degrees=chance.uniform(-harm.skew, harm.skew), noise=harm.noise
    )
    return fax([cropped], line, seed=seed)


def _is_usable(field: FieldDefinition) -> bool:
    if field.kind is FieldKind.CHECKBOX:
        return 5 <= field.zone.height <= 20
    return field.zone.width >= 32 and 8.5 <= field.zone.height <= 30


def _apart(fields: Sequence[FieldDefinition]) -> list[FieldDefinition]:
    """Return the fields without those that lie on another one."""
    kept: list[FieldDefinition] = []
    for field in sorted(fields, key=lambda f: f.zone.width * f.zone.height):
        if not any(_overlap(field, other) for other in kept):
            kept.append(field)
    return kept


def _overlap(one: FieldDefinition, other: FieldDefinition) -> bool:
    a, b = one.zone, other.zone
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    down = min(a.y1, b.y1) - max(a.y0, b.y0)
    return one.page == other.page and across > 1 and down > 1


def _value(chance: random.Random) -> str:
    day = date(1950, 1, 1) + timedelta(days=chance.randrange(28000))
    kinds = (
        lambda: chance.choice(LAST),
        lambda: f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        lambda: chance.choice(TOWNS),
        lambda: f"{chance.randrange(1, 9999)} {chance.choice(STREETS)}",
        lambda: chance.choice(WORDS),
        lambda: day.strftime(chance.choice(("%Y-%m-%d", "%d/%m/%Y", "%d %m %Y"))),
        lambda: str(chance.randrange(10, 999_999_999)),
        lambda: (
            f"{chance.randrange(1, 99999):,}".replace(",", " ") + f",{chance.randrange(100):02}"
        ),
        lambda: "".join(chance.choice("ABCEGHJKLMNPRSTVXY0123456789") for _ in range(8)),
        lambda: (
            f"{chance.choice('GHJ')}{chance.randrange(10)}{chance.choice('ABCEKLMR')}"
            f" {chance.randrange(10)}{chance.choice('ABCEKLMR')}{chance.randrange(10)}"
        ),
        lambda: f"{chance.choice((418, 514, 819))} 555-{chance.randrange(10000):04}",
        lambda: chance.choice(FIRST).lower().encode("ascii", "ignore").decode() + "@exemple.quebec",
    )
    return chance.choice(kinds)()


def _typed(
    page: Image.Image, field: FieldDefinition, face: str, chance: random.Random, *, pencil: bool
) -> str:
    box = field.zone.scaled(POINT)
    size = min(chance.uniform(9, 12), field.zone.height * 0.82)
    font = ImageFont.truetype(face, round(size * POINT))
    room = box.width - 8 * POINT
    fitting = [text for text in (_value(chance) for _ in range(30)) if font.getlength(text) <= room]
    if not fitting:
        return ""
    text = fitting[0]
    x = box.x0 + 2 * POINT + chance.uniform(0, min(12 * POINT, room - font.getlength(text)))
    y = (box.y0 + box.y1) / 2 + chance.uniform(-0.6, 0.6) * POINT
    if pencil:
        _penciled(page, text, (x, y), font, chance)
    else:
        ImageDraw.Draw(page).text((x, y), text, fill=0, font=font, anchor="lm")
    return text


def _penciled(
    page: Image.Image,
    text: str,
    place: tuple[float, float],
    font: ImageFont.FreeTypeFont,
    chance: random.Random,
) -> None:
    """Write letter by letter, thin, grey, unsteady."""
    x, y = place
    for letter in text:
        width = font.getlength(letter)
        tile = Image.new("L", (round(width) + 40, round(font.size) + 40), 0)
        ImageDraw.Draw(tile).text((20, tile.height / 2), letter, fill=255, font=font, anchor="lm")
        thin = cv2.erode(np.asarray(tile), np.ones((2, 2), np.uint8))
        tile = Image.fromarray(thin).rotate(chance.uniform(-4, 4), Image.Resampling.BICUBIC)
        at = (round(x) - 20, round(y - tile.height / 2 + chance.uniform(-2, 2)))
        page.paste(chance.randrange(40, 110), at, tile)
        x += width


def _tick(draw: ImageDraw.ImageDraw, field: FieldDefinition, chance: random.Random) -> None:
    box = field.zone.scaled(POINT)
    inset = 0.2 * min(box.width, box.height)
    x0, y0, x1, y1 = box.x0 + inset, box.y0 + inset, box.x1 - inset, box.y1 - inset
    width = chance.randrange(4, 7)
    if chance.random() < 0.6:
        draw.line((x0, y0, x1, y1), fill=0, width=width)
        draw.line((x0, y1, x1, y0), fill=0, width=width)
    else:
        draw.line((x0, (y0 + y1) / 2, (x0 + x1) / 2, y1), fill=0, width=width)
        draw.line(((x0 + x1) / 2, y1, x1 + inset, y0 - inset), fill=0, width=width)


def _emptied(path: Path) -> bytes | None:
    with pikepdf.open(path) as pdf:
        if "/AcroForm" not in pdf.Root or not len(pdf.Root.AcroForm.get("/Fields", [])):
            return None
        for page in pdf.pages:
            for widget in page.get("/Annots", []):
                _empty(widget)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _empty(widget: pikepdf.Object) -> None:
    parent = widget.get("/Parent", {})
    for holder in (widget, parent):
        if "/V" in holder:
            del holder["/V"]
    is_text = str(widget.get("/FT", parent.get("/FT", ""))) == "/Tx"
    if is_text and "/AP" in widget:
        del widget["/AP"]
    elif "/AS" in widget:
        widget.AS = pikepdf.Name.Off


def as_json(form: FilledForm) -> str:
    """Return what is true of a filled form, for a look at it."""
    return json.dumps({"truth": form.truth, "ticks": form.ticks}, ensure_ascii=False)
