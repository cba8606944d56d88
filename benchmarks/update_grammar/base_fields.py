"""Form fields of all kinds, as honest form makers write them."""

import random
from collections.abc import Callable
from typing import Any, Final

from benchmarks.update_grammar.document import Document
from benchmarks.update_grammar.drawing import form, line
from benchmarks.update_grammar.model import Name, Ref, Stream

Box = tuple[float, float, float, float]
DA: Final = b"/F1 12 Tf 0 g"


class Sheet:
    """A page that fields are put on, in the order of its lines."""

    def __init__(self, document: Document, page: Ref, dice: random.Random) -> None:
        """Begin below the text."""
        self.document = document
        self.page = page
        self.dice = dice
        self.fields: list[Ref] = []
        self._free = [(x, y) for y in range(560, 150, -36) for x in (72, 330)]
        self.resources = {"Font": {"F1": document.marks["font"]}}

    def slot(self, width: float = 150, height: float = 20) -> Box:
        """Return the next free place."""
        x, y = self._free.pop(0) if self._free else (72, 60)
        return (x, y, x + width, y + height)

    def widget(self, box: Box, look: Any, **entries: Any) -> Ref:
        """Add a widget and list it on the page."""
        own: dict[str, Any] = {
            "Type": Name("Annot"), "Subtype": Name("Widget"), "F": 4, "P": self.page,
            "Rect": [*box], **entries,
        }  # fmt: skip
        if look is not None:
            own["AP"] = {"N": look}
        ref = self.document.add(own)
        self.document.items(self.page, "Annots").append(ref)
        return ref

    def top(self, ref: Ref) -> None:
        """List a field in the form."""
        self.fields.append(ref)

    def look(self, text: str, box: Box, size: float = 12) -> Ref:
        """Add the look of a text field."""
        return self.document.add(text_look(text, box, self.resources, size=size))

    def plain_look(self, content: bytes, box: Box) -> Ref:
        """Add a look of any content."""
        return self.document.add(form(content, box[2] - box[0], box[3] - box[1], self.resources))


def text_look(text: str, box: Box, resources: Any, *, size: float = 12) -> Stream:
    """Return how an honest program shows a text field's value, one line for each of it."""
    width, height = box[2] - box[0], box[3] - box[1]
    rows = text.split("\n")
    top = 5 if len(rows) == 1 else height - size - 2
    drawn = b" ".join(line(row, 2, top - i * (size + 2), size=size) for i, row in enumerate(rows))
    content = b"/Tx BMC q " + (drawn if text else b"") + b" Q EMC"
    return form(content, width, height, resources)


def text(sheet: Sheet, name: bytes) -> None:
    """A text field, empty or filled."""
    box = sheet.slot()
    value = sheet.dice.choice(("", "", "100", "Tremblay", "2026-03-01"))
    entries: dict[str, Any] = {"FT": Name("Tx"), "T": name, "DA": DA}
    if value or sheet.dice.random() < 0.3:
        entries["V"] = value.encode()
    if sheet.dice.random() < 0.3:
        entries["TU"] = b"What is " + name
    if sheet.dice.random() < 0.2:
        entries["MK"] = {"BC": [0, 0, 0], "BG": [0.9, 0.9, 1]}
    has_look = value or sheet.dice.random() < 0.7
    sheet.top(sheet.widget(box, sheet.look(value, box) if has_look else None, **entries))


def special_text(sheet: Sheet, name: bytes) -> None:
    """A text field of several lines, a comb, a password, a rich text, or a bounded one."""
    kind = sheet.dice.choice(("multi", "comb", "password", "rich", "bounded", "numbers"))
    box = sheet.slot(height=30 if kind == "multi" else 20)
    entries: dict[str, Any] = {"FT": Name("Tx"), "T": name, "DA": DA}
    value = sheet.dice.choice(("", "12345"))
    more: dict[str, dict[str, Any]] = {
        "multi": {"Ff": 1 << 12},
        "comb": {"Ff": 1 << 24, "MaxLen": 8},
        "password": {"Ff": 1 << 13},
        "rich": {
            "Ff": 1 << 25,
            "RV": b"<body><p>%s</p></body>" % value.encode(),
            "DS": b"font: 12pt",
        },
        "bounded": {"MaxLen": 9, "Q": 2},
        "numbers": {"AA": {"K": {"S": Name("JavaScript"), "JS": b"AFNumber_Keystroke(0,0,0,0)"}}},
    }
    if value:
        entries["V"] = value.encode()
    shown = "*" * len(value) if kind == "password" else value
    sheet.top(sheet.widget(box, sheet.look(shown, box), **entries, **more[kind]))


def _states(sheet: Sheet, box: Box, on: bytes) -> dict[str, Ref]:
    frame = b"0.5 0.5 %.0f %.0f re S" % (box[2] - box[0] - 1, box[3] - box[1] - 1)
    cross = frame + b" 3 3 m 15 15 l S 3 15 m 15 3 l S"
    return {on.decode(): sheet.plain_look(cross, box), "Off": sheet.plain_look(frame, box)}


def check(sheet: Sheet, name: bytes) -> None:
    """A check box."""
    box = sheet.slot(18, 18)
    state = sheet.dice.choice(("Off", "Off", "Yes"))
    entries = {"FT": Name("Btn"), "T": name, "V": Name(state), "AS": Name(state)}
    look: Any = _states(sheet, box, b"Yes")
    if sheet.dice.random() < 0.2:
        look.pop("Off")
    sheet.top(sheet.widget(box, look, **entries))


def radio(sheet: Sheet, name: bytes) -> None:
    """Radio buttons: a field with nameless kids."""
    on = sheet.dice.choice(("Off", "a", "b"))
    field = sheet.document.add(
        {"FT": Name("Btn"), "T": name, "Ff": 1 << 15 | 1 << 14, "V": Name(on), "Kids": []}
    )
    for state in ("a", "b"):
        box = sheet.slot(18, 18)
        kid = sheet.widget(
            box,
            _states(sheet, box, state.encode()),
            Parent=field,
            AS=Name(state if on == state else "Off"),
        )
        sheet.document.items(field, "Kids").append(kid)
    sheet.top(field)


_OPTIONS: Final = (b"one hundred", b"two hundred", b"nine hundred", b"none")


def choice(sheet: Sheet, name: bytes) -> None:
    """A combo box, with export values or without."""
    box = sheet.slot()
    options: list[Any] = list(_OPTIONS)
    if sheet.dice.random() < 0.4:
        options = [[b"%d" % (i * 100), text_] for i, text_ in enumerate(_OPTIONS)]
    value = sheet.dice.choice(("", "one hundred"))
    entries: dict[str, Any] = {"FT": Name("Ch"), "T": name, "DA": DA, "Ff": 1 << 17, "Opt": options}
    if value:
        entries["V"] = value.encode() if options == list(_OPTIONS) else b"0"
    sheet.top(sheet.widget(box, sheet.look(value, box), **entries))


def list_look(top: int, chosen: int | None, box: Box, resources: Any) -> Stream:
    """Return how a list box shows its entries from ``top`` on."""
    parts = [b"/Tx BMC q"]
    height = box[3] - box[1]
    for place, option in enumerate(_OPTIONS[top : top + 2]):
        y = height - 14 * (place + 1)
        if chosen == top + place:
            parts.append(b"0.6 0.75 0.85 rg 0 %.0f 150 14 re f" % y)
        parts.append(b"0 g " + line(option.decode(), 2, y + 3, size=11))
    return form(b" ".join([*parts, b"Q EMC"]), box[2] - box[0], height, resources)


def list_box(sheet: Sheet, name: bytes) -> None:
    """A list box that shows two of its four entries."""
    box = sheet.slot(height=30)
    chosen = sheet.dice.choice((None, 0, 1))
    entries: dict[str, Any] = {
        "FT": Name("Ch"), "T": name, "DA": DA, "Opt": list(_OPTIONS), "TI": 0,
    }  # fmt: skip
    if chosen is not None:
        entries |= {"V": _OPTIONS[chosen], "I": [chosen]}
    look = sheet.document.add(list_look(0, chosen, box, sheet.resources))
    sheet.top(sheet.widget(box, look, **entries))


def push(sheet: Sheet, name: bytes) -> None:
    """A push button that does something."""
    box = sheet.slot()
    action = sheet.dice.choice(
        (
            {"S": Name("ResetForm")},
            {"S": Name("URI"), "URI": b"https://ville.example/"},
            {"S": Name("SubmitForm"), "F": b"https://ville.example/f", "Flags": 4},
        )
    )
    look = sheet.look("Press", box)
    entries = {"FT": Name("Btn"), "T": name, "Ff": 1 << 16, "MK": {"CA": b"Press"}, "A": action}
    sheet.top(sheet.widget(box, look, **entries))


def signature(sheet: Sheet, name: bytes) -> None:
    """A field to sign in: empty, looked, hidden, on a line, over text, or without extent."""
    kind = sheet.dice.choice(("plain", "looked", "hidden", "noview", "line", "over", "unseen"))
    box = {"over": (72.0, 690.0, 250.0, 715.0), "unseen": (0.0, 0.0, 0.0, 0.0)}.get(
        kind, sheet.slot(160, 30)
    )
    flags = {"hidden": 2 | 128, "noview": 32 | 4}.get(kind, 132)
    look = sheet.plain_look(b"0.5 0.5 159 29 re S", box) if kind == "looked" else None
    entries: dict[str, Any] = {"FT": Name("Sig"), "T": name, "F": flags}
    if kind == "line":
        sheet.document.marks["lines"].append((box[0], box[1] + 6, box[2]))
    if sheet.dice.random() < 0.2:
        entries["Lock"] = {"Type": Name("SigFieldLock"), "Action": Name("All")}
    sheet.top(sheet.widget(box, look, **entries))


def twins(sheet: Sheet, name: bytes) -> None:
    """One field seen in two places."""
    value = sheet.dice.choice(("", "77"))
    field = sheet.document.add({"FT": Name("Tx"), "T": name, "DA": DA, "Kids": []})
    if value:
        sheet.document.entries(field)["V"] = value.encode()
    for _kid in range(2):
        box = sheet.slot()
        kid = sheet.widget(box, sheet.look(value, box), Parent=field)
        sheet.document.items(field, "Kids").append(kid)
    sheet.top(field)


def group(sheet: Sheet, name: bytes) -> None:
    """A group of named fields; sometimes it has a nameless widget of its own, too."""
    head: dict[str, Any] = {"T": name, "Kids": []}
    if sheet.dice.random() < 0.6:
        head |= {"FT": Name("Tx"), "DA": DA}
    field = sheet.document.add(head)
    for own in (b"first", b"last"):
        box = sheet.slot()
        kid = sheet.widget(box, sheet.look("", box), Parent=field, T=own, FT=Name("Tx"), DA=DA)
        sheet.document.items(field, "Kids").append(kid)
    if "FT" in head and sheet.dice.random() < 0.6:
        box = sheet.slot()
        kid = sheet.widget(box, sheet.look("Group", box), Parent=field)
        sheet.document.items(field, "Kids").append(kid)
    sheet.top(field)


def hidden(sheet: Sheet, name: bytes) -> None:
    """A text field that is not seen: by its flags, without a look, or over the page's text."""
    kind = sheet.dice.choice(("hidden", "noview", "lookless", "over"))
    box = (72.0, 696.0, 222.0, 716.0) if sheet.dice.random() < 0.5 else sheet.slot()
    flags = {"hidden": 2, "noview": 32}.get(kind, 4)
    look = None if kind in ("lookless", "over") else sheet.look("900", box)
    entries = {"FT": Name("Tx"), "T": name, "DA": DA, "F": flags}
    if look is not None:
        entries["V"] = b"900"
    sheet.top(sheet.widget(box, look, **entries))


FIELDS: Final[dict[str, Callable[[Sheet, bytes], None]]] = {
    "text": text, "special": special_text, "check": check, "radio": radio, "choice": choice,
    "list": list_box, "push": push, "signature": signature, "twins": twins, "group": group,
    "hidden": hidden,
}  # fmt: skip


def add_fields(document: Document, pages: list[Ref], dice: random.Random) -> None:
    """Add a form with some fields of some kinds."""
    document.marks["lines"] = []
    sheets = [Sheet(document, page, dice) for page in pages[:2]]
    kinds = ["text", *dice.choices(sorted(FIELDS), k=dice.randint(3, 8))]
    for place, kind in enumerate(kinds):
        FIELDS[kind](dice.choice(sheets), b"%s%d" % (kind.encode(), place))
    entries: dict[str, Any] = {
        "Fields": [one for sheet in sheets for one in sheet.fields],
        "DA": b"/F1 0 Tf 0 g",
        "DR": {"Font": {"F1": document.marks["font"]}},
    }
    if dice.random() < 0.15:
        entries["CO"] = [sheets[0].fields[0]] if sheets[0].fields else []
    if dice.random() < 0.12:
        entries["XFA"] = document.add(
            Stream({}, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        )
    direct = dice.random() < 0.2
    document.catalog["AcroForm"] = entries if direct else document.add(entries)
