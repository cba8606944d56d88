"""A form's page being laid out: what is drawn, and the fields that go with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from rpa.domain.form import (
    FieldDefinition,
    FieldKind,
    FormDefinition,
    SumRule,
    TableDefinition,
)
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual

LEFT: Final = 40.0
RIGHT: Final = 572.0
LABEL_HEIGHT: Final = 12.0
BOX_HEIGHT: Final = 23.0
ROW_STEP: Final = 45.0

PROMISE: Final = 0.01
"""One in a hundred of the values that no person sees may be wrong: an address is easily mended."""
STYLE: Final = """
@page { size: 612pt 792pt; margin: 0 }
body { margin: 0; font-family: "Liberation Sans", "DejaVu Sans", sans-serif; color: #000 }
div, input { position: absolute; box-sizing: border-box; white-space: nowrap }
.box { border: 0.9pt solid #000 }
input { appearance: auto; border: none; background: none; margin: 0; padding: 0 3pt;
        font: 11pt "Liberation Sans" }
.label { font-size: 7.8pt; line-height: 10pt }
.hint { color: #222; font-size: 7pt; font-style: italic }
.section { background: #000; color: #fff; font-weight: bold; font-size: 9.5pt;
           line-height: 15pt; padding-left: 5pt }
.title { font-weight: bold; font-size: 17pt; line-height: 20pt }
.body { font-size: 8.6pt; line-height: 11.5pt; white-space: normal }
.head { font-weight: bold; font-size: 8.2pt; line-height: 16pt; text-align: center;
        background: #ddd; border: 0.9pt solid #000 }
.foot { font-size: 7.5pt }
.org { font-weight: bold; font-size: 11pt; line-height: 13pt }
.right { text-align: right }
"""

LOGO: Final = (
    '<svg width="38" height="38" viewBox="0 0 38 38"><circle cx="19" cy="19" r="17.5" fill="none"'
    ' stroke="#000" stroke-width="2"/><path d="M19 6 L27 18 H23 L29 27 H21 V33 H17 V27 H9 L15 18'
    ' H11 Z"/></svg>'
)


@dataclass(frozen=True)
class Question:
    """One box to fill, with its label above."""

    name: str
    fr: str
    en: str
    x: float
    width: float
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass
class Sheet:
    """A page being laid out: its HTML pieces and its fields."""

    title: str
    number: str
    digital: bool = False
    """True where the boxes are PDF form fields too."""
    html: list[str] = field(default_factory=list)
    fields: list[FieldDefinition] = field(default_factory=list)

    def put(self, css: str, box: Box, text: str = "") -> None:
        """Place a piece of text or an empty rectangle."""
        place = f"left:{box.x0:g}pt;top:{box.y0:g}pt;width:{box.width:g}pt;height:{box.height:g}pt"
        self.html.append(f'<div class="{css}" style="{place}">{text}</div>')

    def header(self, instructions: str) -> None:
        """Place the organisation, the title and the instructions."""
        self.put("", Box(x0=LEFT, y0=30, x1=LEFT + 40, y1=70), LOGO)
        organisation = "Ville de Val-des-Érables"
        self.put("org", Box(x0=86, y0=34, x1=360, y1=48), organisation)
        address = "Service du greffe, 150, rue de l’Hôtel-de-Ville, Val-des-Érables (Québec)"
        self.put("label", Box(x0=86, y0=49, x1=400, y1=60), address)
        self.put("label right", Box(x0=430, y0=34, x1=RIGHT, y1=46), f"Formulaire {self.number}")
        self.put("label right", Box(x0=430, y0=46, x1=RIGHT, y1=58), "Version de mars 2026")
        self.put("title", Box(x0=LEFT, y0=80, x1=RIGHT, y1=102), escape(self.title))
        self.put("body", Box(x0=LEFT, y0=106, x1=RIGHT, y1=146), escape(instructions))

    def section(self, y: float, text: str) -> None:
        """Place the black bar that opens a section."""
        self.put("section", Box(x0=LEFT, y0=y, x1=RIGHT, y1=y + 15), escape(text))

    def ask(self, y: float, *questions: Question) -> None:
        """Place a row of boxes, labels above, and declare their fields."""
        for question in questions:
            hint = f' <span class="hint">{escape(question.hint)}</span>' if question.hint else ""
            x1, top = question.x + question.width, y + LABEL_HEIGHT
            label = Box(x0=question.x, y0=y, x1=x1, y1=top)
            box = Box(x0=question.x, y0=top, x1=x1, y1=top + BOX_HEIGHT)
            self.put("label", label, escape(question.fr) + hint)
            self.put("box", box)
            if self.digital:
                self.input(question.name, box)
            self.declare(question, box)

    def input(self, name: str, box: Box) -> None:
        """Place a PDF form field inside ``box``."""
        place = (
            f"left:{box.x0 + 1:g}pt;top:{box.y0 + 1:g}pt;"
            f"width:{box.width - 2:g}pt;height:{box.height - 2:g}pt"
        )
        self.html.append(f'<input name="{name}" style="{place}">')

    def tick(self, y: float, name: str, fr: str, en: str) -> None:
        """Place a tick box with its label to the right, and declare its field."""
        box = Box(x0=LEFT, y0=y, x1=LEFT + 13, y1=y + 13)
        self.put("box", box)
        self.put("body", Box(x0=LEFT + 20, y0=y + 1, x1=RIGHT, y1=y + 13), escape(fr))
        self.declare(Question(name, fr, en, LEFT, 13, FieldKind.CHECKBOX), box)

    def declare(self, question: Question, box: Box) -> None:
        """Declare the field of a box; its zone is the box's inside."""
        self.fields.append(
            FieldDefinition(
                name=question.name,
                label=Bilingual(fr=question.fr, en=question.en),
                kind=question.kind,
                zone=box,
                required=question.required,
                choices=question.choices,
                pattern=question.pattern,
            )
        )

    def footer(self, privacy: str) -> None:
        """Place the privacy notice and the form number at the foot of the page."""
        self.put("foot body", Box(x0=LEFT, y0=722, x1=RIGHT, y1=746), escape(privacy))
        self.put("foot", Box(x0=LEFT, y0=756, x1=300, y1=766), f"{self.number} (2026-03)")
        self.put("foot right", Box(x0=430, y0=756, x1=RIGHT, y1=766), "Page 1 de 1")

    def signature(self, y: float, text: str) -> None:
        """Place the declaration and the lines for a signature."""
        self.put("body", Box(x0=LEFT, y0=y, x1=RIGHT, y1=y + 24), escape(text))
        for x0, x1, label in ((LEFT, 340.0, "Signature"), (370.0, RIGHT, "Date de la signature")):
            self.put("box", Box(x0=x0, y0=y + 58, x1=x1, y1=y + 58.9))
            self.put("label", Box(x0=x0, y0=y + 61, x1=x1, y1=y + 72), label)

    def form(self, tables: Sequence[TableDefinition] = (), sums: Sequence[SumRule] = ()) -> Any:
        """Return the form's definition."""
        return FormDefinition(
            title=self.title,
            promise=PROMISE,
            fields=tuple(self.fields),
            tables=tuple(tables),
            sums=tuple(sums),
        )

    def document(self) -> str:
        """Return the page as HTML."""
        head = f'<meta charset="utf-8"><title>{escape(self.title)}</title><style>{STYLE}</style>'
        return f'<!doctype html>\n<html lang="fr">{head}\n' + "\n".join(self.html) + "\n</html>\n"
