import pytest

from rpa.domain.errors import ToolUnavailableError
from rpa.signing.adapters.fonts import found_font, typeface
from rpa.signing.adapters.lettering import Paragraph, laid_out


@pytest.fixture(scope="module")
def face(missing):
    try:
        return typeface(found_font(None))
    except ToolUnavailableError:
        missing("no font is installed")


LONG = "Attestation de conformité des renseignements fournis par la personne visée " * 3


def words_of(lines):
    return " ".join(line.text for line in lines)


def test_a_short_text_keeps_its_size_and_a_long_one_is_set_smaller_but_whole(face):
    short, _high = laid_out((Paragraph("Motif", 7),), face, 150, 54)
    long, high = laid_out((Paragraph(LONG.strip(), 7),), face, 150, 80)

    assert short[0].size > long[0].size
    assert words_of(long) == LONG.strip()
    assert high <= 80
    assert all(face.width(line.text) * line.size <= 150.01 for line in long)


def test_where_room_is_short_the_least_statement_is_left_out_first(face):
    said = (
        Paragraph("Marie Tremblay", 9),
        Paragraph("note", 6, rank=2),
        Paragraph("who", 6, rank=1),
    )

    lines, _high = laid_out(said, face, 120, 19)

    assert [line.text for line in lines] == ["Marie Tremblay", "who"]


def test_what_never_fits_ends_in_an_ellipsis_inside_its_box(face):
    lines, high = laid_out((Paragraph(LONG, 9),), face, 60, 14)

    assert lines[-1].text.endswith("…")
    assert high <= 14
    assert all(face.width(line.text) * line.size <= 60.01 for line in lines)


def test_a_word_wider_than_the_box_goes_on_in_the_next_line(face):
    lines, _high = laid_out((Paragraph("W" * 60, 7),), face, 80, 60)

    assert "".join(line.text for line in lines) == "W" * 60


def test_letters_that_the_font_lacks_are_shown_as_question_marks(face):
    assert face.written("Éloïse 日本\n!") == "Éloïse ?? !"
