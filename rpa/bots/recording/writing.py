"""Writes the definition for a clerk to read: a line a step, and a comment at each guess.

To confirm a guess is to take its comment away; every guess is active as it stands.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import yaml

from rpa.bots.definition import place_named
from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.recorded import Recorded
from rpa.i18n import _

WIDTH: Final = 100
SHORT: Final = {"goto": "url", "frame": "name", "dialog": "answer", "press": "key"}
_SPECIAL: Final = frozenset("{}[],&*#?|<>=!%@`\"'")


def written(
    recorded: Recorded,
    *,
    title: str,
    target: Mapping[str, Any] | None = None,
    fields: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Return ``bot.yaml``; ``target`` and ``fields`` for a bot that runs without a process."""
    parts = [f"# {title}", *_head(target, fields)]
    parts += _section("login", recorded.login)
    if recorded.logged_out:
        said = _inline(recorded.logged_out)
        parts.append(f"logged_out: {said}{_comment([recorded.logged_out_note])}")
    elif recorded.logged_out_note:
        parts.append(f"# logged_out: {{text: …}}{_comment([recorded.logged_out_note])}")
    parts += _error(recorded)
    parts += ["", *_section("file", recorded.file), *_section("find", recorded.find)]
    if not recorded.find:
        settled = _("a person settles every doubt")
        parts.append(f"# doubt: person{_comment([settled])}")
    return "\n".join(parts).rstrip() + "\n"


def _error(recorded: Recorded) -> Iterator[str]:
    if recorded.error:
        shown = _("this showed a refusal on the way")
        yield f"error: {_inline({'selector': recorded.error})}{_comment([shown])}"
    else:
        asked = _("how does a refusal by the target show?")
        yield f"# error: {{selector: …}}{_comment([asked])}"


def to_confirm(recorded: Recorded) -> list[str]:
    """Return what a person should look at, a line each, in the definition's order."""
    lines = [f"logged_out: {recorded.logged_out_note}"] if recorded.logged_out_note else []
    if recorded.error:
        shown = _("this showed a refusal on the way")
        lines.append(f"error “{recorded.error}”: {shown}")
    for section in ("login", "file", "find"):
        for number, draft in enumerate(getattr(recorded, section)):
            lines += _doubts(draft, place_named((section, number, draft.verb)))
    return lines


def _doubts(draft: Draft, place: str) -> Iterator[str]:
    shown = next((str(text) for way in draft.ways[:1] for text in way.values()), "")
    for note in draft.notes:
        yield f"{place}{f' “{shown}”' if shown else ''}: {note}"
    for number, step in enumerate(draft.steps):
        yield from _doubts(step, f"{place}, {place_named((number, step.verb))}")


def _head(
    target: Mapping[str, Any] | None, fields: Mapping[str, Mapping[str, Any]] | None
) -> Iterator[str]:
    for name, said in (("target", target), ("fields", fields)):
        if said:
            yield f"{name}:"
            for key, value in said.items():
                yield f"  {key}: {_inline(value)}"
    yield ""


def _section(name: str, drafts: Sequence[Draft]) -> Iterator[str]:
    if not drafts:
        return
    yield f"{name}:"
    for draft in drafts:
        yield from _step(draft, "  ")
    yield ""


def _step(draft: Draft, indent: str) -> Iterator[str]:
    if draft.steps:
        yield from _with_steps(draft, indent)
        return
    line, comment = indent + _line(draft), _comment(draft.notes)
    if len(line + comment) > WIDTH and comment:
        yield f"{indent}{comment.strip()}"
        comment = ""
    if len(line) <= WIDTH:
        yield line + comment
        return
    yield f"{indent}- {draft.verb}:{comment}"
    for key, said in draft.said().items():
        yield from _key(key, said, f"{indent}    ")


def _key(key: str, said: Any, indent: str) -> Iterator[str]:
    line = f"{indent}{key}: {_inline(said)}"
    if len(line) <= WIDTH or not isinstance(said, list | dict):
        yield line
    elif isinstance(said, list):
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {_inline(one)}" for one in said)
    else:
        yield f"{indent}{key}:"
        yield from (f"{indent}  {_inline(one)}: {_inline(value)}" for one, value in said.items())


def _with_steps(draft: Draft, indent: str) -> Iterator[str]:
    yield f"{indent}- {draft.verb}:{_comment(draft.notes)}"
    for key, said in draft.said().items():
        yield from _key(key, said, f"{indent}    ")
    yield f"{indent}    steps:"
    for step in draft.steps:
        yield from _step(step, f"{indent}      ")


def _line(draft: Draft) -> str:
    said = draft.said()
    short = SHORT.get(draft.verb, "")
    if set(said) == {short}:
        return f"- {draft.verb}: {_inline(said[short])}"
    return f"- {draft.verb}: {_inline(said)}"


def _comment(notes: Iterable[str]) -> str:
    said = "; ".join(" ".join(note.split()) for note in notes if note)
    mark = _("to confirm")
    return f"  # {mark}: {said}" if said else ""


def _inline(said: Any) -> str:
    """Return a value in YAML's flow style, quoted only where it must be."""
    if isinstance(said, Mapping):
        return "{" + ", ".join(f"{_inline(key)}: {_inline(one)}" for key, one in said.items()) + "}"
    if isinstance(said, list | tuple):
        return "[" + ", ".join(map(_inline, said)) + "]"
    if isinstance(said, bool):
        return "true" if said else "false"
    return _text(said) if isinstance(said, str) else str(said)


def _text(text: str) -> str:
    is_plain = not _SPECIAL.intersection(text.replace("'", "")) and ": " not in text
    if is_plain and text and text.strip() == text and text[0] not in "-'" and text[-1] != ":":
        try:
            if yaml.safe_load(text) == text:
                return text
        except yaml.YAMLError:
            pass
    is_single = ("\\" in text or '"' in text) and "'" not in text and text.isprintable()
    return f"'{text}'" if is_single else json.dumps(text, ensure_ascii=False)
