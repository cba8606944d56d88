"""Civic addresses as they are written in Québec (Adresses Québec; Canada Post's guidelines)."""

import re
from typing import Final

from rpa.domain.kinds import Writing
from rpa.ocr.parsing.lookalikes import as_digits
from rpa.ocr.parsing.parsed import Change, Parsed
from rpa.ocr.parsing.words import read_text

CIVIC: Final = re.compile(
    r"(?P<number>\d+(?:[ -]?[A-Za-z](?= |,)| ?½| \d/\d)?(?:-\d+[A-Za-z]?)?) ?,? ?(?P<rest>.*)",
    re.ASCII,
)
READ_AS_NUMBER: Final = re.compile(r"[\dOoQIl|!SBZ]+(?=[, ])")
UNIT: Final = re.compile(
    r"(?i)(?:[, ]+(?P<word>app(?:artement|t)?|apt|unit[eé]?|suite|bureau|bur)\b\.? ?"
    r"|, ?(?P<place>local|porte) |[, ]+# ?)"
    r"(?P<unit>\d[\w-]*|[A-Z](?=,|$))"
)
BOX: Final = re.compile(r"(?i)(?:c\.? ?p\.?|case postale|p\.? ?o\.? box|r\.? ?r\.?) ?\d+")
GENERIC: Final = re.compile(
    r"(?i)\b(?:all[ée]e|autoroute|av(?:enue)?|boul(?:evard)?|blvd|carr[ée]|cercle|chemin|ch|c[ôo]te"
    r"|court|croissant|crescent|cres|drive|dr|highway|hwy|impasse|lane|mont[ée]e|parc|parkway"
    r"|passage|place|promenade|quai|rang|road|rd|route|rte|rue|ruelle|sentier|square|street|st"
    r"|terrace|terrasse|voie|way"
    r"|jalan|jln|jl|kampung|lebuh(?:raya)?|lorong|medan|persiaran|taman)\b"
)
UNIT_WORDS: Final = {"apt": "app.", "bur": "bureau"}


def read_address(text: str, writing: Writing, *, from_pixels: bool) -> Parsed:
    """Return an address as ``number, street, app. unit, municipality``.

    The words stay as they are spelled; number and street are parted by a comma, and a unit is
    named by ``app.``, ``bureau`` or its own word. Without a civic number, a post box or a way's
    generic (rue, chemin …) a reading is doubted.
    """
    read = read_text(text, writing, from_pixels=from_pixels)
    plain, changes = read.value or "", read.changes
    if from_pixels:
        plain, more = _number_corrected(plain)
        changes += more
    if not re.search(r"[^\W\d_]", plain):
        return Parsed(None, "not-an-address")
    tidy = re.sub(r" ?, ?(?=\S)", ", ", plain).strip(" ,")
    found = CIVIC.fullmatch(tidy)
    if found and found["rest"] and not re.match(r"(?i)(?:e|er|re|ère)\b", found["rest"]):
        tidy = f"{found['number']}, {found['rest']}"
    tidy = UNIT.sub(_unit, tidy)
    is_known = bool(BOX.search(tidy) or (found and GENERIC.search(tidy)))
    is_doubtful = read.is_doubtful or (from_pixels and not is_known)
    return Parsed(tidy, changes=changes, is_doubtful=is_doubtful)


def _unit(found: re.Match[str]) -> str:
    word = (found["word"] or found["place"] or "app").casefold()
    named = "app." if word.startswith("app") else UNIT_WORDS.get(word, word)
    return f", {named} {found['unit']}"


def _number_corrected(text: str) -> tuple[str, tuple[Change, ...]]:
    """Return the text with look-alikes in its first number put right, if it starts with one."""
    found = READ_AS_NUMBER.match(text)
    if found is None or not re.search(r"\d", found[0]):
        return text, ()
    number, changes = as_digits(found[0])
    return number + text[found.end() :], changes
