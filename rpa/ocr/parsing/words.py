"""Texts, names and e-mail addresses."""

import re
from typing import Final

from rpa.domain.kinds import Writing
from rpa.ocr.checks import email_address
from rpa.ocr.diacritics import without_accents
from rpa.ocr.parsing.layouts import settled
from rpa.ocr.parsing.parsed import Parsed, replaced
from rpa.ocr.spelling import TWINS

NAME: Final = re.compile(r"[^\W\d_][^\d_]*")
_MISREAD_WORDS: Final = (
    (re.compile(r"\b[lIi|] ?er\b"), "1er"),
    (re.compile(r"'{2,}"), "'"),
    (re.compile(r"(?<=\w)' (?=\w)"), "'"),
    (re.compile(r"(?<=\w) -(?=\w)|(?<=\w)- (?=\w)"), "-"),
    (re.compile(r"\b(l|L)à(?= [A-ZÀ-Ý])"), r"\1a"),
    (re.compile(r"(?<=[a-zà-ÿ] )(?:[L1I|]?l|[L1I|])'(?=\w)"), "l'"),
)
"""Readings that no French text holds, and what they stand for."""
_UNUSUAL: Final = re.compile(r"(?i)q(?=[^\W\d_])(?!u)|\blà (?=\w)")
"""What French hardly writes and engines often read: a g without its foot, an article's accent."""
_MISREAD_LETTERS: Final = (
    (re.compile(r" ?- ?"), "-"),
    (re.compile(r"(?<!\w)(?:[0Q][0OoQ]?|[Oo][0OoQ])'(?=[^\W\d_])"), "O'"),
    (re.compile(r"(?<![^\W\d])0(?=[^\W\d]|')"), "O"),
    (re.compile(r"(?<=[a-zà-ÿ])0|(?<=[^\W\d_])0(?=[a-zà-ÿ])"), "o"),
    (re.compile(r"(?<=[A-ZÀ-Ý])0(?=[A-ZÀ-Ý]|\b)"), "O"),
    (re.compile(r"(?<![^\W\d_])5(?=[^\W\d_])|(?<=[A-ZÀ-Ý])5(?=[A-ZÀ-Ý5]|\b)"), "S"),
    (re.compile(r"(?<![^\W\d_])8(?=[^\W\d_])|(?<=[A-ZÀ-Ý])8(?=[A-ZÀ-Ý8]|\b)"), "B"),
    (re.compile(r"(?<=[a-zà-ÿ])[1|]"), "l"),
)
"""Signs in a name, by the letters around them: ``0O'`` is one letter read twice."""
_MISREAD_ADDRESS: Final = (
    (re.compile("[©®]"), "@"),
    (re.compile(r",\.?|\.,"), "."),
)


def read_text(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return any text, without the specks at its ends and without impossible spellings."""
    if not from_pixels:
        return Parsed(text)
    bare = re.sub(r"^[|_~•]+ ?| ?[|_~•]+$", "", text)
    tidy, changes = replaced(bare, _MISREAD_WORDS)
    if not tidy:
        return Parsed(None, "unreadable")
    tidy, more = settled(tidy)
    changes += more
    return Parsed(tidy, changes=changes, is_doubtful=_UNUSUAL.search(tidy) is not None)


def read_name(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return a person's name as it is spelled: particles, initials and order as they stand."""
    read = read_text(text, writing, from_pixels=from_pixels)
    name, changes = read.value or "", read.changes
    if from_pixels:
        name, more = replaced(name, _MISREAD_LETTERS)
        changes += tuple(change for change in more if change.read.strip() != change.meant)
    if not NAME.fullmatch(name):
        return Parsed(None, "not-a-name")
    letters = sum(letter.isalpha() for letter in name)
    odd = re.search(r"[^\w' .-]", name) is not None
    is_doubtful = read.is_doubtful or letters < 2 or odd or (from_pixels and name[0] in TWINS)
    return Parsed(name, changes=changes, is_doubtful=is_doubtful)


def read_email(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:  # noqa: ARG001
    """Return an e-mail address (RFC 5322) with its domain in lower case."""
    bare, patterns = text, _MISREAD_ADDRESS
    if from_pixels:
        bare = without_accents(text.replace(" ", "").strip("|,;'"))
        bare, changes = replaced(bare, patterns if "@" not in bare else patterns[1:])
    address = email_address(bare)
    if address is None:
        return Parsed(None, "not-an-email-address")
    return Parsed(address, changes=changes if from_pixels else ())
