"""Numbers as people write them: decimals by comma or point, thousands by a blank or a mark."""

import re
from typing import Final

from rpa.domain.kinds import DecimalMark, Writing
from rpa.ocr.parsing.lookalikes import as_digits
from rpa.ocr.parsing.parsed import Change, Parsed, changes_between

CURRENCY: Final = re.compile(r"\$|€|\b(?:CAD?|USD?|EUR)\b")
PER_CENT: Final = re.compile(r"(?i) ?(?:%|pour cent|per ?cent|p\. ?100)$")
INTEGER: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+|[0-9](?: [0-9])+|[0-9]+")
MISREAD_DOLLAR: Final = re.compile(r"(?<=[.,][0-9OoIl]{2}) ?[Ss§]$")
"""A dollar sign after the cents, taken for the letter."""
BRACKETED: Final = re.compile(r"\(\s*(.*?)\s*\)|(.*?)\s*-|-\s*(.*)")
"""A negative number: in parentheses, its minus behind or before."""


def read_integer(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return a whole number; blanks stand between thousands, or in every box of a comb."""
    fixed, changes = as_digits(text) if from_pixels else (text, ())
    digits = fixed.replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return Parsed(None, "not-an-integer")
    is_doubtful = INTEGER.fullmatch(fixed) is None
    return Parsed(_whole(digits), changes=changes, is_doubtful=is_doubtful)


def read_amount(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return an amount of money; two decimals or none."""
    bare, changes = _dollar_signs(text) if from_pixels else (text, ())
    bare = CURRENCY.sub(" ", bare).strip(" |_")
    minus, bare = _sign(bare)
    fixed, more = as_digits(bare) if from_pixels else (bare, ())
    fixed = re.sub(r" ?([.,]) ?", r"\1", fixed)
    found = _amount_grammar(writing.decimal).fullmatch(fixed)
    if found is None:
        return Parsed(None, "not-an-amount")
    whole, mark, cents = found["whole"], found["mark"], found["cents"]
    value = f"{_whole(re.sub('[^0-9]', '', whole))}.{cents or '00'}"
    is_odd = cents is None or text.endswith("-")
    is_doubtful = (from_pixels and is_odd) or (mark is not None and mark in whole)
    return Parsed(_negative(value, minus=minus), changes=changes + more, is_doubtful=is_doubtful)


def read_number(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a number; where comma and point could both be meant, it is ambiguous."""
    minus, bare = _sign(text.strip(" |_"))
    fixed, changes = as_digits(bare) if from_pixels else (bare, ())
    meanings = _meanings(fixed, writing)
    if not meanings:
        return Parsed(None, "not-a-number")
    problem = "ambiguous-number" if len(meanings) > 1 else ""
    return Parsed(_negative(meanings[0], minus=minus), problem, changes)


def read_percent(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a percentage, without its sign; nobody writes thousands of per cent."""
    bare = PER_CENT.sub("", text)
    read = read_number(bare, writing, from_pixels=from_pixels)
    if read.value is None:
        return Parsed(None, "not-a-percentage")
    if not read.problem:
        return read
    decimal = DecimalMark.COMMA if "," in bare else DecimalMark.POINT
    return read_number(bare, Writing(decimal=decimal), from_pixels=from_pixels)


def _meanings(text: str, writing: Writing) -> list[str]:
    marks = (writing.decimal,) if writing.decimal else tuple(DecimalMark)
    read = (_number(text, mark) for mark in marks)
    return list(dict.fromkeys(number for number in read if number is not None))


def _dollar_signs(text: str) -> tuple[str, tuple[Change, ...]]:
    fixed = MISREAD_DOLLAR.sub("$", text)
    return fixed, changes_between(text, fixed)


def _sign(text: str) -> tuple[bool, str]:
    found = BRACKETED.fullmatch(text)
    if found is None:
        return False, text
    inner = next(group for group in found.groups() if group is not None)
    return True, inner.strip()


def _negative(number: str, *, minus: bool) -> str:
    return f"-{number}" if minus and number.strip("0.") else number


def _whole(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _amount_grammar(decimal: DecimalMark | None) -> re.Pattern[str]:
    marks = re.escape(decimal.sign) if decimal else ".,"
    others = {None: ".,", DecimalMark.COMMA: ".", DecimalMark.POINT: ","}[decimal]
    whole = rf"(?P<whole>[0-9]{{1,3}}(?:[ {others}']?[0-9]{{3}})*|[0-9]+)"
    return re.compile(rf"{whole}(?:(?P<mark>[{marks}])(?P<cents>[0-9]{{2}}))?")


def _number(text: str, decimal: DecimalMark) -> str | None:
    other = "." if decimal is DecimalMark.COMMA else ","
    mark = re.escape(decimal.sign)
    grouped = rf"[0-9]{{1,3}}(?:(?P<group>[ '{other}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*)?"
    found = re.fullmatch(
        rf"(?P<whole>{grouped}|[0-9]+|(?={mark}))(?:{mark}(?P<part>[0-9]+))?", text
    )
    if found is None:
        return None
    whole = _whole(re.sub("[^0-9]", "", found["whole"]))
    part = (found["part"] or "").rstrip("0")
    return f"{whole}.{part}" if part else whole
