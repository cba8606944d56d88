"""Filled and faxed forms with their truth, drawn on real blanks, to measure the reading on."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.kinds import UNTOLD
from rpa.domain.model import ProcessId
from rpa.ocr.adapters.proposal import proposed_form
from rpa.ocr.api import KnownForm
from rpa.ocr.checks import passes_luhn
from rpa.ocr.diacritics import without_accents
from rpa.ocr.parsers import parse
from rpa.testing.faxes import DPI, FaxLine, fax, rendered_page

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where documents that the project did not make are looked for."""
POINT: Final = DPI / 72
SHARE: Final = 0.7
"""Share of the fields that are filled."""
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
    known: KnownForm, *, seed: int, harm: Harm, hand: str = "typed", kinds: bool = False
) -> FilledForm:
    """Fill most fields, each with a value that fits, and fax the page.

    Every field is a text, as a form is that nobody has looked through; with ``kinds``, each is
    declared to be of the kind that was typed, and the truth is the canonical text of that kind.
    """
    chance = random.Random(seed)  # noqa: S311 - drawings, no secrets
    page = rendered_page(known.blank, 1)
    draw = ImageDraw.Draw(page)
    face = chance.choice(TYPEFACES)
    truth, ticks, declared = {}, {}, {}
    for field in known.form.fields:
        if field.page != 1:
            continue
        if field.kind is FieldKind.CHECKBOX:
            ticks[field.name] = chance.random() < 0.3
            if ticks[field.name]:
                _tick(draw, field, chance)
        elif chance.random() < SHARE:
            kind, text = _typed(page, field, face, chance, pencil=hand == "pencil")
            if kind is not None:
                declared[field.name] = kind if kinds else FieldKind.TEXT
                canonical = parse(declared[field.name], text, from_pixels=False).value
                truth[field.name] = canonical or text
    said = _declared(known, declared)
    return FilledForm(known.process, said, truth, ticks, faxed(page, harm, chance, seed))


def _declared(known: KnownForm, kinds: Mapping[str, FieldKind]) -> KnownForm:
    fields = tuple(
        field.model_copy(update={"kind": kinds.get(field.name, field.kind)})
        for field in known.form.fields
    )
    form = known.form.model_copy(update={"fields": fields})
    return KnownForm(known.process, form, known.blank)


def faxed(page: Image.Image, harm: Harm, chance: random.Random, seed: int) -> bytes:
    """Return the page as a fax that harms it so."""
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
    if field.kind in UNTOLD:
        return False
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


def _value(chance: random.Random) -> tuple[FieldKind, str]:
    """Return a text as people type it, and the kind of value that it is."""
    kind = chance.choice(list(WRITTEN))
    return kind, chance.choice(WRITTEN[kind])(chance)


def _sin(chance: random.Random) -> str:
    digits = f"{chance.randrange(10**8):08}"
    return next(
        f"{sin[:3]} {sin[3:6]} {sin[6:]}"
        for sin in (f"{digits}{check}" for check in range(10))
        if passes_luhn(sin)
    )


def _day(chance: random.Random, pattern: str) -> str:
    return (date(1950, 1, 1) + timedelta(days=chance.randrange(28000))).strftime(pattern)


def _postal_code(chance: random.Random) -> str:
    letters, digits = "ABCEGHJKLMNPRSTVXY", "0123456789"
    signs = (chance.choice(one) for one in ("GHJ", digits, letters, digits, letters, digits))
    code = "".join(signs)
    return f"{code[:3]} {code[3:]}"


def _amount(chance: random.Random) -> str:
    return f"{chance.randrange(1, 99999):,}".replace(",", " ") + f",{chance.randrange(100):02}"


def _code(chance: random.Random) -> str:
    return "".join(chance.choice("ABCEGHJKLMNPRSTVXY0123456789") for _ in range(8))


Drawn = Callable[[random.Random], str]
WRITTEN: Final[Mapping[FieldKind, Sequence[Drawn]]] = {
    FieldKind.NAME: (
        lambda r: r.choice(LAST),
        lambda r: f"{r.choice(FIRST)} {r.choice(LAST)}",
        lambda r: r.choice(TOWNS),
    ),
    FieldKind.TEXT: (
        lambda r: f"{r.randrange(1, 9999)} {r.choice(STREETS)}",
        lambda r: r.choice(WORDS),
        _code,
    ),
    FieldKind.DATE: (
        lambda r: _day(r, "%Y-%m-%d"),
        lambda r: _day(r, "%d/%m/%Y"),
        lambda r: _day(r, "%d %m %Y"),
    ),
    FieldKind.INTEGER: (lambda r: str(r.randrange(10, 999_999_999)),),
    FieldKind.AMOUNT: (_amount,),
    FieldKind.POSTAL_CODE: (_postal_code,),
    FieldKind.PHONE: (lambda r: f"{r.choice((418, 514, 819))} 555-{r.randrange(10000):04}",),
    FieldKind.EMAIL: (lambda r: without_accents(r.choice(FIRST)).lower() + "@exemple.quebec",),
    FieldKind.SIN: (_sin,),
}
"""How values of each kind are typed."""


def _typed(
    page: Image.Image, field: FieldDefinition, face: str, chance: random.Random, *, pencil: bool
) -> tuple[FieldKind | None, str]:
    if field.cells:
        return FieldKind.TEXT, _celled(page, field, face, chance)
    box = field.zone.scaled(POINT)
    size = min(chance.uniform(9, 12), field.zone.height * 0.82)
    font = ImageFont.truetype(face, round(size * POINT))
    room = box.width - 8 * POINT
    drawn = (_value(chance) for _ in range(30))
    kind, text = next((one for one in drawn if font.getlength(one[1]) <= room), (None, ""))
    if kind is None:
        return None, ""
    x = box.x0 + 2 * POINT + chance.uniform(0, min(12 * POINT, room - font.getlength(text)))
    y = (box.y0 + box.y1) / 2 + chance.uniform(-0.6, 0.6) * POINT
    if pencil:
        _penciled(page, text, (x, y), font, chance)
    else:
        ImageDraw.Draw(page).text((x, y), text, fill=0, font=font, anchor="lm")
    return kind, text


def _celled(page: Image.Image, field: FieldDefinition, face: str, chance: random.Random) -> str:
    """Write one sign into each cell of a comb."""
    box = field.zone.scaled(POINT)
    pitch = box.width / field.cells
    font = ImageFont.truetype(face, round(min(box.height * 0.75, pitch * 1.1)))
    length = field.cells if chance.random() < 0.7 else chance.randrange(1, field.cells + 1)
    text = "".join(chance.choice("0123456789") for _ in range(length))
    for number, sign in enumerate(text):
        middle = (box.x0 + (number + 0.5) * pitch, (box.y0 + box.y1) / 2)
        ImageDraw.Draw(page).text(middle, sign, fill=0, font=font, anchor="mm")
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
        tile = tile.rotate(chance.uniform(-3, 3), Image.Resampling.BICUBIC)
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
