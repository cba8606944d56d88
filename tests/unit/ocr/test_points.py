import pytest

from rpa.ocr.points import pointed


@pytest.mark.parametrize(
    ("text", "seen", "shown"),
    [
        ("94 306.71", ",", "94 306,71"),
        ("94 306,71", ".", "94 306.71"),
        ("1,234.50", ".,", "1.234,50"),
        ("94 306.71 $", ",", "94 306,71 $"),
    ],
)
def test_the_picture_says_which_mark_it_is(text, seen, shown):
    assert pointed(text, seen) == shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [("94 306.71", ""), ("94 306.71", ",,"), ("boul. Laurier", ","), ("12", ""), ("v. 10", ",")],
)
def test_what_the_picture_does_not_settle_stays(text, seen):
    assert pointed(text, seen) == text


@pytest.mark.parametrize(
    ("text", "seen", "shown"),
    [
        ("P O Box 202032", "..", "P.O. Box 202032"),
        ("P O. Box 202032 New Haven, CT", "..,", "P.O. Box 202032 New Haven, CT"),
        ("Pamela R Mullen", ".", "Pamela R. Mullen"),
        ("Pamela R Mullen", "", "Pamela R Mullen"),
        ("Pamela R Mullen", "..", "Pamela R Mullen"),
        ("A B, app 4", ".,.", "A B, app 4"),
    ],
)
def test_initials_have_the_points_that_the_picture_shows(text, seen, shown):
    assert pointed(text, seen) == shown
