"""Addresses among lines under each other: from the street to the postal code or province."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from rpa.domain.model import Value
from rpa.ocr.parsing.addresses import BOX, GENERIC

LONGEST: Final = 5
"""Lines between the first and the last of an address."""
HOUSE: Final = re.compile(r"[^\W\d][^\d:]+ \d{1,4} ?[A-Za-z]?\W*")
"""A street with its number behind it, as in many countries, right over the postal code."""
NAMED: Final = re.compile(r" [|•·–-] (?=[^\W\d_].*\d)|[,.|•·–-] (?=\d+[\w-]*,? [^\W\d])")
"""What may stand between a name and an address on one line."""


class AddressRules(Value):
    """What the lines of an address are told by."""

    code: str
    """A postal code."""
    town: str
    """A postal code that is one only beside a town's name."""
    region: str
    """A province, state or country."""
    place: str
    """A floor, a room, a building."""
    contact: str
    """Where, on an address's line, something else begins."""
    never: str
    """Lines that are of no address."""


@cache
def address_rules() -> AddressRules:
    """Return the rules that come with the package."""
    text = files("rpa.ocr.unknown").joinpath("addresses.yaml").read_text(encoding="utf-8")
    return AddressRules.model_validate(yaml.safe_load(text))


def is_code(text: str) -> bool:
    """Say whether a text is a postal code and nothing else."""
    return bool(re.fullmatch(address_rules().code, text.strip(" ,.")))


def address_among(texts: Sequence[str]) -> slice | None:
    """Return which lines under each other are the first address, if there is one."""
    rules = address_rules()
    texts = [without_contact(text) for text in texts]
    for end, text in enumerate(texts):
        if not _ends(text, rules):
            continue
        start = _start(texts, end, rules)
        if start is not None:
            after = texts[end + 1 : end + 3]
            return slice(start, end + 1 + _going_on(text, after, rules))
    return None


def without_contact(text: str) -> str:
    """Return a line's address without the telephone or the web page that stands behind it."""
    found = re.search(address_rules().contact, text, re.IGNORECASE)
    return text[: found.start()].rstrip(" |,;•·–-") if found and found.start() else text


def without_name(text: str) -> int:
    """Return where the address begins on a line that names somebody before it; 0 if it does not."""
    for found in NAMED.finditer(text):
        if not _opens(text[: found.start()], address_rules()):
            return found.end()
    return 0


def _start(texts: Sequence[str], end: int, rules: AddressRules) -> int | None:
    """Return the highest line that opens the address which ends here, nothing else between."""
    start = None
    for number in range(end, max(-1, end - LONGEST - 1), -1):
        if re.search(rules.never, texts[number], re.IGNORECASE):
            break
        if _opens(texts[number], rules) or (number == end - 1 and HOUSE.fullmatch(texts[number])):
            start = number
    return start


def _ends(text: str, rules: AddressRules) -> bool:
    if re.search(rules.never, text, re.IGNORECASE):
        return False
    named = re.search(rf"(?<![^\W\d_])(?:{rules.region})\W*$", text)
    return bool(re.search(rules.code, text) or re.search(rules.town, text) or named)


def _opens(text: str, rules: AddressRules) -> bool:
    numbered = re.match(
        r"(?i)[^\w$]*(?:no\.?|lot|unit|suite|[a-z])?[ :.]{0,2}\d(?!\d*[.,]\d\d\b)", text
    )
    if numbered and not re.match(rules.town, text) and re.search(r"[^\W\d_]{2}", text):
        return True
    told = re.search(rules.place, text, re.IGNORECASE) or GENERIC.search(text)
    return bool(BOX.search(text) or (re.search(r"\d", text) and told))


def _going_on(last: str, after: Sequence[str], rules: AddressRules) -> int:
    """Return how many lines after the last are of it, too: code, province, country."""
    count = 0
    for text in after:
        bare = text.strip(" .,()")
        coded = re.fullmatch(rules.code, bare) and not re.search(rules.code, last)
        if not coded and not re.fullmatch(rules.region, bare):
            break
        count += 1
    return count
