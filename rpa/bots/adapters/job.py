"""What is to be done in one call of a bot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rpa.bots.definition import BotDefinition
from rpa.bots.privacy import masked
from rpa.bots.record import COVERED, Record
from rpa.bots.templates import Texts, places
from rpa.bots.views import dated, names_of, view_of
from rpa.bots.written import WrittenBot
from rpa.domain.form import FieldKind

SHORTEST_SECRET = 3
"""Shorter texts are not looked for in pictures: they would cover half the page."""
MOST_OF_IT = 0.8
DATE_FORMATS = ("DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "DD-MM-YYYY", "YYYYMMDD")


@dataclass(slots=True)
class Job:
    """The definition, the texts that go into it, and the record of how it went."""

    definition: BotDefinition
    texts: Texts
    hosts: tuple[str, ...]
    record: Record
    written: WrittenBot | None = None
    """The bot's code, where it is not declared in steps."""
    downloads: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)
    """Files that were downloaded, by the name to keep them under: file name and content."""
    secret_specs: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """Elements that sensitive values were put into, as the page script finds them."""
    _shapes: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def timeout_s(self) -> float:
        """How long one step may take."""
        return self.texts.request.target.timeout_s

    def masked(self, text: str, *, keep: str = "") -> str:
        """Return ``text`` without the values that are filed."""
        target = self.texts.request.target
        secrets = (*self.texts.request.values.values(), target.username, target.password)
        return masked(text, secrets, keep=keep)

    def secrets(self) -> tuple[str, ...]:
        """Return every shape of the sensitive values, for covering them in pictures."""
        if self._shapes is None:
            self._shapes = tuple(sorted(set(self._secret_shapes()), key=len, reverse=True))
        return self._shapes

    def _secret_shapes(self) -> Iterator[str]:
        request = self.texts.request
        for name in self._sensitive():
            value = request.values.get(name, "")
            if len(value) < SHORTEST_SECRET:
                continue
            yield value
            kind = request.kinds.get(name, FieldKind.TEXT)
            # Parts of a value (a month's name, say) stand on pages for other reasons, too.
            if kind is FieldKind.DATE:
                yield from (dated(form)(value) for form in DATE_FORMATS)
            else:
                yield from _whole_shapes(kind, value)

    def _sensitive(self) -> frozenset[str]:
        declared = {name for name, spec in self.definition.fields.items() if spec.sensitive}
        return self.texts.request.sensitive | declared

    def shown(self, template: str, text: str) -> str:
        """Return what evidence may say of a text that was typed."""
        named = set(places(template))
        if named & {"password", "totp"}:
            return COVERED
        hidden = self._sensitive()
        is_secret = any(
            re.match(rf"{re.escape(one)}(?=$|[.:])", name) for one in hidden for name in named
        )
        row = self.texts.row
        if row is not None:
            cells = {f"{row.table}.{row.number}.{name[4:]}" for name in named if name[:4] == "row."}
            is_secret = is_secret or bool(cells & hidden)
        return COVERED if is_secret else text


def _whole_shapes(kind: FieldKind, value: str) -> Iterator[str]:
    """Yield the views of a value that show all of it."""
    length = sum(map(str.isalnum, value))
    for view in filter(None, (view_of(kind, one) for one in names_of(kind))):
        try:
            shape = view(value)
        except ValueError:
            continue
        if sum(map(str.isalnum, shape)) >= MOST_OF_IT * length:
            yield shape
