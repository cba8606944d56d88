"""Lists and radio buttons: the option that was chosen, as a field and its code table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rpa.bots.recording.events import Event, Option
from rpa.bots.recording.matching import CLEAR_LABEL, SHORTEST, Matcher, plain
from rpa.bots.recording.sample import Sample, Shape, folded
from rpa.domain.form import FieldKind
from rpa.i18n import _

LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What an option stands for."""

    template: str
    by: str = "value"
    """``value`` or ``option``, its text."""
    field_name: str = ""
    table: dict[str, str] = field(default_factory=dict)
    """Code table, where the target's words are not the case's."""
    note: str = ""


def chosen(event: Event, matcher: Matcher) -> Choice:
    """Return what the option that ``event`` chose stands for."""
    picked = Option(value=event.value, text=event.text)
    told = (event.label, event.control)
    fitting = sorted(
        (rank, place, choice)
        for place, (rank, choice) in enumerate(_readings(picked, event, matcher, told))
    )
    if fitting:
        choice = fitting[0][2]
        matcher.used[choice.field_name] += 1
        return choice
    return _by_label(picked, event, matcher, told) or _constant(picked)


def _by_label(
    picked: Option, event: Event, matcher: Matcher, told: tuple[str, ...]
) -> Choice | None:
    """Guess the field by its label alone, where its words and the list's are not the same."""
    sample = matcher.sample
    near = [
        (sample.affinity(name, *told), name)
        for name in sample.filled()
        if not matcher.used[name] and sample.kinds[name] is not FieldKind.CHECKBOX
    ]
    best = max(near, default=(0.0, ""))
    if best[0] < CLEAR_LABEL:
        return None
    matcher.used[best[1]] += 1
    others = [one for one in event.options if one != picked]
    table = {sample.values[best[1]]: picked.value or picked.text}
    note = _table_note([], others)
    return Choice(f"{{{best[1]}}}", "value" if picked.value else "option", best[1], table, note)


def _readings(
    picked: Option, event: Event, matcher: Matcher, told: tuple[str, ...]
) -> "list[tuple[tuple[int, float, int], Choice]]":
    sample = matcher.sample
    found = []
    for name in sample.filled():
        affinity = sample.affinity(name, *told)
        reading = _reading(picked, event.options, sample, name)
        if reading is None:
            continue
        quality, choice, text = reading
        if len(text) >= SHORTEST or affinity:
            found.append(((quality, -affinity, matcher.used[name]), choice))
    return found


def _reading(
    picked: Option, options: Sequence[Option], sample: Sample, name: str
) -> tuple[int, Choice, str] | None:
    """Return how well a field fits, what the option stands for, and the text that says so."""
    if sample.kinds[name] is FieldKind.CHECKBOX:
        return None
    for shape in sample.shapes(name):
        quality = 1 if shape.view else 0
        if shape.text == picked.value:
            return quality, Choice(shape.place, "value", name), shape.text
        if shape.text == picked.text:
            return quality, _by_text(shape, options, sample), shape.text
    value = folded(sample.values[name])
    if value and _is_in(value, folded(picked.text)):
        return 2, _mapped(picked, options, sample, name), value
    return None


def _by_text(shape: Shape, options: Sequence[Option], sample: Sample) -> Choice:
    """Return the choice by the visible text, where the case's words are the list's."""
    texts = [option.text for option in options]
    lost = [one for one in sample.choices.get(shape.field, ()) if one not in texts]
    note = _("the list lacks {words}", words=", ".join(lost)) if lost else ""
    return Choice(shape.place, "option", shape.field, note=note)


def _mapped(picked: Option, options: Sequence[Option], sample: Sample, name: str) -> Choice:
    """Return the choice by a code table; the form's other choices are looked up in the list."""
    by = "value" if picked.value else "option"
    listed = _listed(picked, options, sample.values[name])
    if listed and not sample.choices.get(name):
        note = _("the code table is what the list says")
        return Choice(f"{{{name}}}", by, name, listed, note)
    table = {sample.values[name]: picked.value or picked.text}
    taken = {picked}
    missing = []
    for word in sample.choices.get(name, ()):
        if word in table:
            continue
        fitting = [one for one in options if _is_in(folded(word), folded(one.text))]
        if len(fitting) == 1:
            table[word] = fitting[0].value or fitting[0].text
            taken.add(fitting[0])
        else:
            missing.append(word)
    order = [word for word in sample.choices.get(name, ()) if word in table]
    table = {word: table[word] for word in (order or table)}
    note = _table_note(missing, [one for one in options if one not in taken])
    is_whole = sample.choices.get(name) and not missing
    return Choice(f"{{{name}}}", by, name, table, "" if is_whole else note)


def _listed(picked: Option, options: Sequence[Option], word: str) -> dict[str, str]:
    """Return the whole code table of a list that says ``CODE - word`` of every option."""
    before, found, after = picked.text.partition(word)
    if not found or not picked.value or picked.value not in before + after:
        return {}
    table = {}
    for option in options:
        start = before.replace(picked.value, option.value)
        end = after.replace(picked.value, option.value)
        middle = option.text.removeprefix(start).removesuffix(end)
        if option.value and f"{start}{middle}{end}" == option.text and middle:
            table[middle] = option.value
    return table


def _table_note(missing: Sequence[str], others: Sequence[Option]) -> str:
    listed = [f"{one.value} = {one.text}" for one in others if one.value]
    rest = ", …" if len(listed) > LISTED else ""
    told = "; ".join(listed[:LISTED]) + rest
    if missing:
        words = ", ".join(missing)
        return _("complete the code table: {words}; the list offers {told}", words=words, told=told)
    return _("complete the code table; the list offers {told}", told=told)


def _constant(picked: Option) -> Choice:
    note = _("the same for every case")
    if picked.value:
        return Choice(plain(picked.value), "value", note=f"{note} ({picked.text})")
    return Choice(plain(picked.text), "option", note=note)


def _is_in(part: str, whole: str) -> bool:
    return bool(part) and f" {part} " in f" {whole} "
