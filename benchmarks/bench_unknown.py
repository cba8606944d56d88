"""Measures what is found on forms that nobody described, beside reading the page and searching it.

Run: ``python benchmarks/bench_unknown.py DATA [accurate|fast]``. DATA holds the folders ``funsd``,
``sroie``, ``invoices`` and ``azure-forms`` with their truth; they are others' and not shipped.
Baseline: the page's words as lines of text, and one regular expression for each field over them.
Letters are drawn (``letter_layouts.py`` and two beside it), scanned and faxed; memos are those of
FUNSD, where annotators linked ``TO``, ``FROM``, ``SUBJECT`` and ``DATE``.
"""

import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from letter_layouts import TUNED, Letter
from letter_layouts_held_out import HELD_OUT
from letter_layouts_later import LATER

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import ReadingMode, page_reading
from rpa.bootstrap.unknown import understood_pages
from rpa.domain.geometry import Box
from rpa.domain.kinds import FieldKind
from rpa.ocr.api import PageText
from rpa.ocr.diacritics import without_accents
from rpa.ocr.parsers import parse
from rpa.ocr.unknown.found import Pair
from rpa.ocr.unknown.proposal import UnderstoodPage
from rpa.testing.faxes import FINE, fax, grey_scan

AMOUNT = r"(?:RM|\$|€)?\s?(-?\d[\d ,.]*[.,]\d{2})\b"
DAY = r"(\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4})"
SEARCHES = {
    "issuer": r"^(.*\S)",
    "date": DAY,
    "number": r"(?i)(?:invoice|facture|rechnung|factuur)[^\n\d]*?([A-Z/]*\d[\w/.-]*)",
    "due_date": r"(?i)(?:due|[ée]ch[ée]ance)[^\n]*?" + DAY,
    "total": r"(?i)(?<!sub)(?<!sous-)tota+l[^\n]*?" + AMOUNT,
    "net": r"(?i)(?:sub|sous)[ -]?total[^\n]*?" + AMOUNT,
    "vat": r"(?i)(?:tax|vat|tva|btw)[^\n]*?" + AMOUNT,
    "address": r"(?im)^((?:no\b|lot\b|\d)[^\n]*(?:\n[^\n]*){0,3}?\b\d{5}\b[^\n]*)",
}
"""The baseline: the first match counts, of the total the last."""
REFERENCE = r"[^\n\d]*?([\w/-]*\d[\w/.-]*)"
MONTH = r"[^\W\d_]{3,9}"
CLOSED = r"(?:salutations[^\n]*|sincerely,|yours[^\n]*|regards,|cordialement,)"
CODED = r"(^\d[^\n]*(?:\n[^\n]*){0,3}?(?:[A-Z]\d[A-Z] ?\d[A-Z]\d|\b\d{5}\b)[^\n]*)"
LETTER_SEARCHES = {
    "sender": r"^(.*\S)",
    "sender_address": r"(?m)" + CODED,
    "recipient": r"(?im)^((?:madame|monsieur|mme|m\.|mr\.?|ms\.?|mrs\.?|to:|à :)[^,\n]+)$",
    "recipient_address": r"(?m)" + CODED + r"(?![\s\S]*?^\d[^\n]*\n[^\n]*[A-Z]\d[A-Z] ?\d[A-Z]\d)",
    "date": rf"(?i)(\d{{1,2}}(?:er)? {MONTH} \d{{4}}|{MONTH} \d{{1,2}}, \d{{4}}|\d{{4}}-\d\d-\d\d)",
    "place": r"(?im)^([^\d\n,]+), le \d",
    "our_reference": r"(?i)(?:n/r[ée]f|notre r[ée]f|our (?:file|ref))" + REFERENCE,
    "your_reference": r"(?i)(?:v/r[ée]f|votre r[ée]f|your (?:file|ref))" + REFERENCE,
    "file": r"(?im)^(?:dossier|file)" + REFERENCE,
    "subject": r"(?im)^(?:objet|subject|re)\s*:\s*(.+)$",
    "salutation": r"(?im)^((?:ch[eè]re? )?(?:madame|monsieur|hi|bonjour)[^\n]*,|dear [^\n]+)$",
    "closing": rf"(?im)^([^\n]*(?:agr[ée]er|{CLOSED})[^\n]*)$",
    "signatory": rf"(?im){CLOSED}\n([^\n]+)",
    "signatory_title": rf"(?im){CLOSED}\n[^\n]+\n([^\n]+)",
    "enclosures": r"(?im)^(?:p\. ?j\.|encl\w*|pi[èe]ces jointes)\W*(.+)$",
    "copies": r"(?im)^c\.? ?c\W+(.+)$",
}
MEMO_SEARCHES = LETTER_SEARCHES | {
    "sender": r"(?i)from\s*:\s*([^\n]+)",
    "recipient": r"(?im)^to\s*:\s*([^\n]+)",
    "date": r"(?i)date\s*:\s*([^\n]+)",
}
MEMO = {"to": "recipient", "from": "sender", "subject": "subject", "re": "subject", "date": "date"}
MEMO |= {"cc": "copies", "copies": "copies", "copy": "copies"}
"""What FUNSD's annotators call the parts of a memo, and what the findings call them."""
KINDS = {"date": FieldKind.DATE, "due_date": FieldKind.DATE}
AMOUNTS = ("total", "net", "vat")
SHARE = 0.5
"""Of the words in two boxes: so many in common make a key or a value the annotated one."""


class Score:
    """Right, told and wanted values, by what they are."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.right: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()

    def add(self, name: str, said: str | None, wanted: str) -> None:
        """Count one value; ``None`` is one that was not found."""
        self.wanted[name] += 1
        self.told[name] += said is not None
        self.right[name] += said is not None and _same(name, said, wanted)

    def __str__(self) -> str:
        """Return right of wanted, and how many were told."""
        names = sorted(self.wanted)
        each = [f"{n} {self.right[n]}/{self.wanted[n]} (told {self.told[n]})" for n in names]
        return f"{self.right.total()}/{self.wanted.total()}: {', '.join(each)}"


def _same(name: str, said: str, wanted: str) -> bool:
    if name in KINDS:
        return _parsed(KINDS[name], said) == _parsed(KINDS[name], wanted)
    if name in AMOUNTS:
        return _parsed(FieldKind.AMOUNT, said) == _parsed(FieldKind.AMOUNT, wanted)
    if "\n" in wanted:
        return all(_letters(part) in _letters(said) for part in wanted.split("\n"))
    one, other = _letters(said), _letters(wanted)
    # A name read with one letter in ten wrong is still the name; a number is not the number.
    is_number = name in ("number", "our_reference", "your_reference", "file")
    return SequenceMatcher(None, one, other).ratio() >= (1 if is_number else 0.9)


def _parsed(kind: FieldKind, text: str) -> str:
    bare = re.sub(r"^[^\d(-]+", "", text) if kind is FieldKind.AMOUNT else text
    return parse(kind, bare, from_pixels=True).value or text if bare else text


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", without_accents(text).lower())


def pages_of(
    paths: Sequence[Path], mode: ReadingMode
) -> Iterator[tuple[Path, list[UnderstoodPage]]]:
    """Yield each file with its pages."""
    decoder = open_decoder()
    with page_reading(mode) as tools:
        for path in paths:
            yield path, understood_pages(decoder.pages(path.read_bytes()), tools)


def searched(
    pages: Sequence[UnderstoodPage], searches: dict[str, str] = SEARCHES
) -> dict[str, str | None]:
    """Return what the baseline finds: one regular expression for each field."""
    lines: dict[tuple[int, int], list[str]] = {}
    for number, page in enumerate(pages):
        for word in page.text.words:
            lines.setdefault((number, word.line), []).append(word.text)
    text = "\n".join(" ".join(line) for line in lines.values())
    found: dict[str, str | None] = {}
    for name, pattern in searches.items():
        matches = re.findall(pattern, text, re.MULTILINE)
        found[name] = matches[-1 if name == "total" else 0] if matches else None
    return found


def anchored(pages: Sequence[UnderstoodPage]) -> dict[str, str | None]:
    """Return what the anchors find, by name; on the first page that has it."""
    found: dict[str, str | None] = {}
    for page in pages:
        for finding in page.understood.findings:
            is_text = finding.kind in (FieldKind.TEXT, FieldKind.ADDRESS)
            text = None if is_text else finding.canonical
            found.setdefault(finding.name, text or finding.value.text)
    return found


def invoices(folder: Path, mode: ReadingMode) -> None:
    """Print how many expected fields of invoices are found."""
    names = {"issuer": "issuer", "invoice_number": "number", "date": "date"}
    names |= {"date_due": "due_date", "amount": "total", "amount_untaxed": "net"}
    names |= {"amount_tax": "vat"}
    truths = [
        (path, json.loads(path.read_text("utf-8"))[0]) for path in sorted(folder.glob("*.json"))
    ]
    wanted = {
        path.stem: {names[key]: _written(truth[key]) for key in names if key in truth}
        for path, truth in truths
    }
    for path, truth in truths:
        parts = [truth.get(f"partner_{part}", "") for part in ("street", "zip", "city")]
        if all(parts):
            wanted[path.stem]["address"] = "\n".join(parts)
    compare("invoices", [path.with_suffix(".pdf") for path, _truth in truths], wanted, mode)


def _written(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float | int) else str(value)


def receipts(folder: Path, mode: ReadingMode) -> None:
    """Print how many entities of receipts are found."""
    wanted = {}
    for path in sorted((folder / "entities").glob("*.txt")):
        truth = json.loads(path.read_text("utf-8"))
        kept = {
            "issuer": truth.get("company"),
            "date": truth.get("date"),
            "total": truth.get("total"),
            "address": truth.get("address"),
        }
        wanted[path.stem] = {name: value for name, value in kept.items() if value}
    compare("sroie", [folder / "img" / f"{stem}.jpg" for stem in wanted], wanted, mode)


def letters(name: str, layouts: Sequence[Letter], mode: ReadingMode) -> None:
    """Print how many parts of drawn letters are found, scanned and faxed."""
    with tempfile.TemporaryDirectory() as folder:
        for way, suffix in (("scanned", ".pdf"), ("faxed", ".tif")):
            paths = [Path(folder, layout.name + suffix) for layout in layouts]
            for seed, (path, layout) in enumerate(zip(paths, layouts, strict=True)):
                page = [layout.page()]
                path.write_bytes(
                    grey_scan(page, seed=seed) if suffix == ".pdf" else fax(page, FINE, seed=seed)
                )
            truths = {layout.name: layout.truth for layout in layouts}
            compare(f"letters {name}, {way}", paths, truths, mode, searches=LETTER_SEARCHES)


def memos(folder: Path, mode: ReadingMode) -> None:
    """Print how many parts of FUNSD's memos are found: they say to whom and from whom."""
    wanted = {path.stem: _memo(path) for path in sorted((folder / "annotations").glob("*.json"))}
    both = {"sender", "recipient"}
    wanted = {stem: truth for stem, truth in wanted.items() if both <= truth.keys()}
    paths = [folder / "images" / f"{stem}.png" for stem in wanted]
    compare("funsd memos", paths, wanted, mode, searches=MEMO_SEARCHES)


def _memo(path: Path) -> dict[str, str]:
    form = {one["id"]: one for one in json.loads(path.read_text("utf-8"))["form"]}
    truth: dict[str, str] = {}
    for one in form.values():
        name = MEMO.get(_letters(one["text"]))
        answers = [form[end] for start, end in one["linking"] if start == one["id"]]
        text = " ".join(answer["text"] for answer in answers if answer["label"] == "answer")
        if name and text.strip():
            truth.setdefault(name, text)
    return truth


def compare(
    name: str,
    paths: Sequence[Path],
    wanted: dict[str, dict[str, str]],
    mode: ReadingMode,
    *,
    searches: dict[str, str] = SEARCHES,
) -> None:
    """Print anchors and baseline on the same words, and what the pages were taken for."""
    ours, baseline = Score(), Score()
    kinds, more = Counter[str](), 0
    for path, pages in pages_of(paths, mode):
        told, plain = anchored(pages), searched(pages, searches)
        kinds[str(pages[0].understood.document)] += 1
        more += len(told.keys() - wanted[path.stem].keys())
        for field, value in wanted[path.stem].items():
            ours.add(field, told.get(field), value)
            baseline.add(field, plain[field], value)
    print(f"{name}: taken for {dict(kinds)}, {more} values more told than wanted")
    print(f"{name}: anchors   {ours}\n{name}: baseline  {baseline}", flush=True)


def labelled(folder: Path, mode: ReadingMode) -> None:
    """Print how many labelled values are told as the value of a pair (or a finding)."""
    right = wanted = 0
    for path, (page, *_more) in pages_of(sorted(folder.glob("*.pdf")), mode):
        told = [pair.value.text for pair in page.understood.pairs]
        told += [finding.value.text for finding in page.understood.findings]
        labels = json.loads(path.with_name(path.name + ".labels.json").read_text("utf-8"))["labels"]
        for label in labels:
            text = " ".join(part["text"] for part in label["value"])
            if text and text not in ("selected", "unselected"):
                wanted += 1
                right += any(_letters(text) == _letters(one) for one in told)
    print(f"azure invoices: typed values told as a value {right}/{wanted}", flush=True)


def linking(folder: Path, mode: ReadingMode) -> None:
    """Print precision, recall and F1 of question to answer links, end to end from pixels."""
    right, told, wanted = Counter[str](), Counter[str](), 0
    for path, (page, *_more) in pages_of(sorted((folder / "images").glob("*.png")), mode):
        links = list(_links(folder / "annotations" / f"{path.stem}.json"))
        wanted += len(links)
        for name, pairs in (
            ("pairs", _boxes(page.understood.pairs)),
            ("baseline", colons(page.text)),
        ):
            told[name] += len(pairs)
            right[name] += _hits(page.text, pairs, links)
    for name, count in told.items():
        precision, recall = right[name] / max(1, count), right[name] / max(1, wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"funsd: {name:9} precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}"
              f" ({right[name]} of {wanted} links, {count} told)", flush=True)  # fmt: skip


def _links(path: Path) -> Iterator[tuple[Box, Box]]:
    form = {one["id"]: one for one in json.loads(path.read_text("utf-8"))["form"]}
    links = {tuple(link) for one in form.values() for link in one["linking"]}
    for asked, answered in sorted(links):
        key, value = form.get(asked), form.get(answered)
        kinds = (key["label"], value["label"]) if key and value else ()
        if key and value and kinds == ("question", "answer") and value["text"].strip():
            yield _box(key["box"]), _box(value["box"])


def _box(edges: Sequence[float]) -> Box:
    return Box(x0=edges[0], y0=edges[1], x1=edges[2], y1=edges[3])


def _boxes(pairs: Iterable[Pair]) -> list[tuple[Box, Box]]:
    return [(pair.key.box, pair.value.box) for pair in pairs]


def colons(page: PageText) -> list[tuple[Box, Box]]:
    """Return the baseline's pairs: ``key: value`` on one line of text."""
    lines: dict[int, list[Any]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    found = []
    for line in lines.values():
        ends = [number for number, word in enumerate(line) if word.text.endswith(":")]
        if ends and ends[0] + 1 < len(line):
            parts = line[: ends[0] + 1], line[ends[0] + 1 :]
            found.append((_around(parts[0]), _around(parts[1])))
    return found


def _around(words: Sequence[Any]) -> Box:
    return Box(
        x0=min(w.x0 for w in words),
        y0=min(w.y0 for w in words),
        x1=max(w.x1 for w in words),
        y1=max(w.y1 for w in words),
    )


def _hits(page: PageText, pairs: Sequence[tuple[Box, Box]], links: list[tuple[Box, Box]]) -> int:
    """Return how many pairs are links; each link counts once."""
    left = [tuple(_words_in(page, box) for box in link) for link in links]
    hits = 0
    for pair in pairs:
        mine = [_words_in(page, box) for box in pair]
        match = next((one for one in left if all(map(_alike, mine, one))), None)
        if match:
            left.remove(match)
            hits += 1
    return hits


def _words_in(page: PageText, box: Box) -> frozenset[int]:
    """Return the words whose middle is in a box: some draw boxes tightly, others loosely."""
    return frozenset(
        number
        for number, word in enumerate(page.words)
        if box.holds((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)
    )


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return bool(one | other) and len(one & other) >= SHARE * len(one | other)


def main() -> None:
    """Measure all sets."""
    if len(sys.argv) < 2:
        print("skipped: name the folder of the data sets")
        return
    data = Path(sys.argv[1])
    mode = ReadingMode(sys.argv[2] if len(sys.argv) > 2 else "accurate")
    started = time.process_time()
    invoices(data / "invoices", mode)
    labelled(data / "azure-forms" / "invoice", mode)
    receipts(data / "sroie", mode)
    letters("tuned", TUNED, mode)
    letters("held out", HELD_OUT, mode)
    letters("later", LATER, mode)
    memos(data / "funsd", mode)
    linking(data / "funsd", mode)
    spent = time.process_time() - started
    print(f"processor time, the engines' left out: {spent:.1f} s")


if __name__ == "__main__":
    main()
