"""Documents that are given: signed by one tool, with one honest later change by another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import pikepdf

from other_makers.blanks import CORNER, MARGIN, Blank, blanks, is_blank, is_filled
from other_makers.cases import Made, made
from other_makers.tools import Job, Options, Place, Tool

_TRIES: Final = 4
"""How many tools are asked for one thing, until one does it."""
_PLAIN: Final = ("again", "seen", "stamp", "note", "store", "describe")
_ON_FORMS: Final = ("fill", "tick", "fill", "again", "fill", "tick", "seen", "note")
_ACTIONS: Final = {"again": "sign", "seen": "sign", "tick": "fill"}
_BOXES: Final = {"fill": False, "tick": True}
"""Kinds of change that fill in a blank: of text, or a box."""
_LEVELS: Final = {"note": "3", "fill": "2"}
"""What a certification has to allow for a change; a form is certified every other time."""
_CORNER: Final = frozenset(
    {"pyHanko's command line", "iText 5", "iText 2", "endesive", "pdfsignerpy"}
)
"""Who draws a second signature where ``CORNER`` is."""


def documents(given: Sequence[Path]) -> list[Path]:
    """Return the PDFs that are named, and those of the folders that are named."""
    return [
        each for one in given for each in (sorted(one.glob("*.pdf")) if one.is_dir() else (one,))
    ]


class Rounds:
    """Signs each document once, and changes it once; tools and kinds of change take turns."""

    def __init__(self, place: Place, tools: Sequence[Tool], given: Sequence[Path]) -> None:
        """Take the tools that are there, and the documents."""
        self._place = place
        self._tools = tools
        self._given = given
        self._count = 0
        self._turns: dict[str, int] = {}

    def files(self) -> Iterator[Made]:
        """Yield every file, and every refusal."""
        for base in self._given:
            yield from self._of(base)

    def _of(self, base: Path) -> Iterator[Made]:
        kind, blank = self._plan(base)
        is_certified = kind == "note" or (kind == "fill" and self._next("certified") % 2)
        level = _LEVELS[kind] if is_certified else ""
        able = [one for one in self._tools if one.signs and not one.is_bound]
        able = [one for one in able if not level or "certify" in one.can]
        for tool in self._rotated(able, f"signs {level}"):
            job = Job("sign", base, self._target(), self._options(tool, level))
            signed = made(self._place, f"{base.name}, signed {level}".strip(), tool, job)
            yield signed
            if signed.path is not None:
                yield from self._changes(tool, signed.path, kind, blank)
                return

    def _plan(self, base: Path) -> tuple[str, Blank | None]:
        """Return the next kind of change that a document has room for, and the blank it fills."""
        try:
            found = blanks(base)
            room = {"seen": is_blank(base, CORNER), "note": is_blank(base, MARGIN)}
        except (pikepdf.PdfError, ValueError, RuntimeError):
            found, room = [], {"seen": False, "note": False}
        room |= {
            kind: any(one.is_box is is_box for one in found) for kind, is_box in _BOXES.items()
        }
        kinds = _ON_FORMS if found else _PLAIN
        while True:
            kind = kinds[self._next(f"one of {len(kinds)}") % len(kinds)]
            if room.get(kind, True):
                break
        fit = [one for one in found if one.is_box is _BOXES.get(kind)]
        return kind, fit[self._next(f"{kind} blank") * 7 % len(fit)] if fit else None

    def _changes(
        self, signer: Tool, source: Path, kind: str, blank: Blank | None
    ) -> Iterator[Made]:
        """Yield refusals, and the first change made; a second signature where none was."""
        for one in dict.fromkeys((kind, "again")):
            for tool in self._rotated(self._able(signer, one), one):
                found = self._change(signer, tool, Job(one, source, self._target()), blank)
                yield found
                if found.path is not None:
                    return

    def _able(self, signer: Tool, kind: str) -> list[Tool]:
        wanted = {"seen": "again", "tick": "fill"}.get(kind, kind)
        return [
            one
            for one in self._tools
            if one is not signer and wanted in one.can and (kind != "seen" or one.name in _CORNER)
        ]

    def _change(self, signer: Tool, tool: Tool, asked: Job, blank: Blank | None) -> Made:
        kind = asked.action
        options = _asked(tool, kind, blank)
        job = Job(_ACTIONS.get(kind, kind), asked.source, asked.target, options)
        found = made(self._place, f"{asked.source.stem}, then {kind}", tool, job, signer)
        if found.path is not None and kind in _BOXES:
            return (
                found if is_filled(job.source, job.target, options) else replace(found, path=None)
            )
        return found

    def _options(self, tool: Tool, level: str) -> Options:
        """Return one of the tool's ways to sign, unseen."""
        if level:
            return {**tool.signs[0], "level": level}
        ways = [one for one in tool.signs if "box" not in one]
        return ways[self._next(f"{tool.name} way") % len(ways)]

    def _rotated(self, tools: Sequence[Tool], name: str) -> Iterator[Tool]:
        start = self._next(name) if tools else 0
        return islice(cycle(tools), start, start + min(_TRIES, len(tools)))

    def _next(self, name: str) -> int:
        self._turns[name] = self._turns.get(name, -1) + 1
        return self._turns[name]

    def _target(self) -> Path:
        self._count += 1
        return self._place.work / "made" / f"{self._count:04}.pdf"


def _asked(tool: Tool, kind: str, blank: Blank | None) -> Options:
    """Return what a tool is told for a change."""
    if kind in ("again", "seen"):
        box = {"box": "yes"} if kind == "seen" else {}
        return {**tool.signs[0], "field": "SignatureB", **box}
    if kind == "stamp":
        return {"field": "StampB"}
    if kind in _BOXES and blank is not None:
        tick = {"tick": "yes"} if blank.is_box else {}
        return {"name": blank.name, "value": blank.value, **tick}
    return {}
