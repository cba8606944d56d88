"""The whole recording: from the log of a browser to a definition and what to confirm of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rpa.bots.recording.committing import LEAST, Proof, commit_of, proofs
from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.events import Event
from rpa.bots.recording.logging_in import logged_out_sign, login_steps
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.phases import parted
from rpa.bots.recording.refusing import without_refusals
from rpa.bots.recording.sample import Sample
from rpa.bots.recording.searching import search_of
from rpa.bots.recording.stepping import address
from rpa.bots.recording.tidying import tidied
from rpa.bots.recording.walking import walked, with_frames
from rpa.i18n import _

_OF_SESSION: Final = re.compile(r"session|[?;&]sid=|sesskey|token|ticket=", re.IGNORECASE)
_PASSING: Final = re.compile(r"\?.*(message|msg|welcome|status=|notice|error)", re.IGNORECASE)
"""Queries that belong to one moment."""


@dataclass(slots=True)
class Recorded:
    """What came of a recording, before it is written."""

    login: list[Draft] = field(default_factory=list)
    logged_out: dict[str, Any] = field(default_factory=dict)
    logged_out_note: str = ""
    error: str = ""
    """CSS selector of how a refusal showed, where one was met."""
    file: list[Draft] = field(default_factory=list)
    find: list[Draft] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What the clerk should know of the whole."""


def recorded(events: Sequence[Event], sample: Sample, *, home: str) -> Recorded:
    """Turn the log of a browser into a definition; ``home`` is the target's address."""
    accepted, refusal = without_refusals(events)
    parts = parted(tidied(accepted))
    made = Recorded(login=login_steps(parts.login, home=home), error=refusal)
    made.logged_out, made.logged_out_note = logged_out_sign(parts.login, [*parts.file, *parts.find])
    matcher = Matcher(sample)
    steps = walked(parts.file, matcher, home=home)
    at = commit_of(steps, matcher)
    if at is None:
        made.remarks.append(_("Nothing was clicked after the last value: no step commits."))
        made.file = with_frames(_from_start(parts.login, steps, home))
        return made
    later = [] if parts.has_find else steps[at + 1 :]
    filing = steps if parts.has_find else steps[: at + 1]
    proof = _committed(filing, at, matcher)
    looking = walked(parts.find, Matcher(sample), home=home) if parts.has_find else later
    _find(made, looking, filing, matcher, proof)
    made.file = with_frames(_from_start(parts.login, filing, home))
    before = parts.login
    if made.find:
        before = _before([*parts.login, *parts.file, *parts.find], looking[0].event)
    start = _start_page(before)
    if start is None or matcher.is_of_case(start.url) or _numbers(start.url) - _numbers(home):
        before = parts.login  # the page after the commit is this case's own
    made.find = with_frames(_from_start(before, made.find, home))
    _remark(made, matcher)
    return made


def _committed(filing: list[Draft], at: int, matcher: Matcher) -> Proof | None:
    """Mark the click that commits, and end the steps with the receipt."""
    filing[at].body["commits"] = True
    filing[at].note(_("this click hands the case to the target"))
    found = proofs(filing, at, matcher)
    event = filing[at].pages[-1] if filing[at].pages else filing[at].event
    if found:
        source = _page_of(filing[at], found[0])
        receipt = Draft("receipt", source or event, body=found[0].body)
        others = ", ".join(proof.number for proof in found[1:4] if proof.score > LEAST)
        shown = _("the receipt number was {number}", number=found[0].number)
        more = _("others shown: {others}", others=others) if others else ""
        receipt.note("; ".join(filter(None, (shown, more))))
    else:
        receipt = Draft("receipt", filing[-1].event, body={"find": True})
        receipt.note(_("no new number was shown: the case is looked up"))
    filing.append(receipt)
    return found[0] if found else None


def _page_of(draft: Draft, proof: Proof) -> Event | None:
    shown = (page for page in draft.pages if any(proof.number in n.text for n in page.numbers))
    return next(shown, None)


def _find(
    made: Recorded,
    looking: Sequence[Draft],
    filing: Sequence[Draft],
    matcher: Matcher,
    proof: Proof | None,
) -> None:
    templates = [
        str(d.body["value"]) for d in filing if d.event.kind == "fill" and d.body.get("value")
    ]
    search = search_of(looking, matcher, templates, proof.number if proof else "")
    if search is not None:
        made.find = [*looking[: search.steps], search.expect, search.hits]
        for step in made.find[: search.steps]:
            step.body.pop("commits", None)
        return
    made.remarks.append(
        _(
            "The case was not looked up, or not seen in a list: without “find” steps every filing"
            " in doubt waits for a person. Record again and look the case up, or say “doubt:"
            " person”."
        )
    )


def _from_start(before: Sequence[Event], steps: Sequence[Draft], home: str) -> list[Draft]:
    """Begin at the page where the clerk began, where its address can be gone to again."""
    if not steps or steps[0].verb == "goto":
        return list(steps)
    start = _start_page(before)
    if start is None:
        return list(steps)
    url = start.url.partition("?")[0] if _PASSING.search(start.url) else start.url
    step = Draft(
        "goto", start.model_copy(update={"kind": "goto"}), body={"url": address(url, home)}
    )
    return [step, *steps]


def _start_page(before: Sequence[Event]) -> Event | None:
    """Return the last page of the whole window, where it can be asked for again."""
    asked = [e for e in before if e.kind == "request" and e.page == 0 and e.top]
    shown = [e for e in before if e.kind == "page" and e.place == (0, "")]
    if not asked or not shown or asked[-1].method != "GET":
        return None
    return None if _OF_SESSION.search(shown[-1].url) else shown[-1]


def _before(events: Sequence[Event], first: Event) -> list[Event]:
    """Return the events before ``first``."""
    place = next((at for at, event in enumerate(events) if event is first), len(events))
    return list(events[:place])


def _numbers(url: str) -> set[str]:
    return set(re.findall(r"\d+", url.partition("://")[2].partition("/")[2]))


def _remark(made: Recorded, matcher: Matcher) -> None:
    empty = [name for name, value in matcher.sample.values.items() if not value]
    empty += [name for name in matcher.sample.kinds if name not in matcher.sample.values]
    if empty:
        made.remarks.append(
            _(
                "The sample has no value for these fields, so they were not recorded: {fields}.",
                fields=", ".join(empty),
            )
        )
    unused = matcher.unused()
    if unused:
        made.remarks.append(
            _("These fields were not typed anywhere: {fields}.", fields=", ".join(unused))
        )
    if "key" not in matcher.used and not any("{key}" in str(d.body) for d in made.file):
        made.remarks.append(
            _(
                "The key {key} was not typed anywhere: the case can only be told from others by its"
                " values.",
                key=matcher.sample.key,
            )
        )
