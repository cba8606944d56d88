"""What notices say, in both languages, and what they keep to themselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rpa.domain.notice import NoticeKind
from rpa.i18n import speaking
from rpa.notices.wording import NoticeFacts, worded

DEADLINE = datetime(2026, 12, 4, 23, 59, tzinfo=ZoneInfo("America/Toronto"))
NOW = datetime(2026, 12, 1, 8, tzinfo=ZoneInfo("America/Toronto"))
LINK = "https://signer.ville.example/demandes/S-2026-000042"


def words(kind=NoticeKind.ASKED, *, language="en", title="Lease <A & B>", link=LINK):
    facts = NoticeFacts(
        kind=kind,
        language=language,
        recipient="Marie Tremblay",
        organization="Ville",
        request_id="S-2026-000042",
        title=title,
        deadline=DEADLINE,
        link=link,
        now=NOW,
    )
    with speaking(language):
        return worded(facts)


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_has_words_of_its_own_in_both_languages(kind):
    english, french = words(kind), words(kind, language="fr")
    assert english.subject != french.subject
    others = {words(k).subject for k in NoticeKind if k is not kind}
    assert english.subject not in others
    for said in (english, french):
        for part in (said.plain, said.html):
            assert "Marie Tremblay" in part
            assert "S-2026-000042" in part
            assert LINK in part


def test_the_deadline_is_told_as_people_of_the_place_say_it():
    assert "Deadline: in 3 days, on Friday, December 4 at 11:59 p.m." in words().plain
    french = words(language="fr").plain
    assert "Échéance\xa0: dans 3 jours, le vendredi 4 décembre à 23 h 59" in french


def test_a_title_is_told_or_kept():
    assert words().subject == "A document to sign: Lease <A & B> (S-2026-000042)"
    kept = words(title="")
    assert kept.subject == "A document to sign (S-2026-000042)"
    assert "Lease" not in kept.plain + kept.html


def test_html_says_the_same_and_nothing_of_it_is_taken_for_markup():
    said = words()
    assert "Lease &lt;A &amp; B&gt;" in said.html
    assert "<A" not in said.html
    assert '<html lang="en">' in said.html
    assert '<html lang="fr">' in words(language="fr").html


def test_without_a_console_there_is_no_link():
    said = words(link="")
    assert "http" not in said.plain
    assert "<a " not in said.html
