"""What evidence shows, and what it must not."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from rpa.domain.errors import TargetRefusedError
from rpa.testing.filings import filing_request

pytestmark = pytest.mark.browser

HIDDEN = frozenset({"nas", "date_naissance"})


def rehearsed(bot, legacy, **values):
    request = filing_request("changement-adresse", legacy.target(), key="E-1", **values)
    exhibits = {}
    seen = bot.rehearse(
        replace(request, sensitive=HIDDEN),
        keep=lambda one: exhibits.update({one.name: one.content}),
    )
    return seen.screen, exhibits


def refused(bot, legacy, **values):
    request = filing_request("changement-adresse", legacy.target(), key="E-1", **values)
    exhibits = {}
    with pytest.raises(TargetRefusedError):
        bot.file(
            replace(request, sensitive=HIDDEN),
            before_commit=lambda _seen: None,
            keep=lambda one: exhibits.update({one.name: one.content}),
        )
    return exhibits


def test_a_rehearsal_does_everything_but_the_commit(bot, legacy):
    screen, exhibits = rehearsed(bot, legacy)

    record = json.loads(exhibits["record.json"])
    assert screen.startswith(b"\x89PNG")
    assert record["outcome"] == "rehearsed"
    assert record["steps"][-1]["place"] == "file/25"
    assert legacy.deposits("E-1") == []


def test_the_record_says_what_was_typed_where_by_which_version_and_what_was_answered(bot, legacy):
    request = filing_request("avis-absence", legacy.target())
    exhibits = {}
    bot.file(
        request,
        before_commit=lambda _seen: None,
        keep=lambda one: exhibits.update({one.name: one.content}),
    )

    record = json.loads(exhibits["record.json"])
    typed = {step["element"]: step["value"] for step in record["steps"] if step["kind"] == "fill"}
    assert typed["name: NOM"] == "D'Amours"
    assert record["answers"][0]["method"] == "POST"
    assert record["answers"][0]["status"] == 200
    assert len(record["bot"]) == 64
    assert record["browser"].startswith("Chromium ")


def test_pictures_and_sources_of_a_failure_are_the_same_whatever_the_sensitive_values(bot, legacy):
    one = refused(bot, legacy, nas="046454287", date_naissance="1950-07-03")
    other = refused(bot, legacy, nas="193456788", date_naissance="1987-12-21")

    assert one["failure.png"] == other["failure.png"]
    for name in ("frame-0.html", "frame-1.html", "frame-2.html"):
        assert source(one, name) == source(other, name)
    assert "046454287" not in str(one)


def test_a_failure_shows_what_is_not_sensitive(bot, legacy):
    one = refused(bot, legacy, nas="046454287")
    other = refused(bot, legacy, nas="046454287", nom="Bélanger")

    assert one["failure.png"] != other["failure.png"]
    assert "Bélanger" in source(other, "frame-2.html")


def source(exhibits, name):
    with zipfile.ZipFile(io.BytesIO(exhibits["trace.zip"])) as trace:
        return trace.read(name).decode()
