"""Every mistake in a definition is found in one look, at its line."""

import pytest

from rpa.bots.flaws import flaws_of
from rpa.bots.lines import read_places
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind

GOOD = """\
version: "1"
fields:
  prenom: {kind: name}
  debut: {kind: date}
login:
  - goto: "{url}/"
  - fill: {name: USAGER, value: "{username}"}
logged_out: {text: Veuillez}
error: {selector: .erreur}
file:
  - goto: "{url}/a"
  - fill: {name: REF, value: "{key}"}
  - fill: {name: NOM, value: "{nom.upper}"}
  - popup:
      open: {button: X}
      steps:
        - fill: {name: PRENOM, value: "{prenom}"}
  - click: {button: OK, commits: true}
  - receipt: {pattern: 'ACC-([0-9]+)'}
find:
  - goto: "{url}/b"
  - expect: {text: Liste}
  - hits: {rows: tr, reference: .ref, number: .num}
"""


@pytest.fixture
def flaws(tmp_path):
    def found(text, kinds=None):
        path = tmp_path / "bot.yaml"
        path.write_text(text, encoding="utf-8")
        return [(f.line, f.column, f.severity, f.message) for f in flaws_of(path, kinds)]

    return found


def test_nothing_is_found_in_a_definition_that_is_right(flaws):
    assert flaws(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "said"),
    [
        ("login:", "logn:", 5, 1, "Did you mean “login”?"),
        ("- fill: {name: USAGER", "- fil: {name: USAGER", 7, 5, "Did you mean “fill”?"),
        ('value: "{username}"', 'valeu: "{username}"', 7, 26, "Did you mean “value”?"),
        ("{nom.upper}", "{nom.uper}", 13, 30, "no view “uper”"),
        ("{button: X}", "{buton: X}", 15, 14, "Did you mean “button”?"),
        ("'ACC-([0-9]+)'", "'ACC-([0-9]+'", 19, 24, "no regular expression"),
        ("{kind: date}", "{kind: dat}", 4, 17, "date"),
        ('version: "1"', "version: 1", 1, 10, "quotes"),
        ("commits: true}", "commits: true, commits: false}", 18, 40, "said twice"),
        ('  - goto: "{url}/b"', "\t- goto: a", 21, 1, "A tab"),
        ("error: {selector: .erreur}", "error: {selector: .erreur", 10, 5, "No valid YAML"),
        ("click: {button: OK, commits: true}", "click: {button: OK}", 11, 3, "exactly one click"),
        ("file:", "fields_: 1\nfile:", 10, 1, "Did you mean “fields”?"),
    ],
)
def test_a_mistake_is_pointed_at(flaws, right, wrong, line, column, said):
    (flaw,) = [one for one in flaws(GOOD.replace(right, wrong, 1)) if said in one[3]]

    assert flaw[:3] == (line, column, "error")


def test_all_mistakes_are_told_at_once(flaws):
    text = GOOD.replace("logn", "x").replace("- fill: {name: USAGER", "- fil: {name: USAGER")
    text = text.replace("{nom.upper}", "{nom.uper}").replace("button: X", "buton: X")

    assert [flaw[0] for flaw in flaws(text)] == [7, 13, 15]


def test_a_field_that_the_form_lacks_is_told_with_the_one_meant(flaws):
    kinds = {"nom": FieldKind.TEXT, "prenoms": FieldKind.NAME, "debut": FieldKind.DATE}
    ((line, _column, severity, said),) = flaws(GOOD, kinds)

    assert (line, severity) == (17, "error")
    assert "Did you mean “prenoms”?" in said


def test_a_name_near_a_declared_field_is_a_warning(flaws):
    ((line, _column, severity, said),) = flaws(GOOD.replace("{prenom}", "{prenon}"))

    assert (line, severity) == (17, "warning")
    assert "Did you mean “prenom”?" in said


def test_a_bot_that_finds_nothing_again_is_an_error(flaws):
    cut = GOOD[: GOOD.index("find:")]
    assert [flaw[2] for flaw in flaws(cut)] == ["error"]
    assert [flaw[2] for flaw in flaws(cut + "doubt: person\n")] == []


def test_what_is_no_text_is_told(tmp_path, flaws):
    assert all(flaws(text) for text in ("", "- 1\n", "a: \x07\n"))
    (tmp_path / "bot.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionError, match="UTF-8"):
        flaws_of(tmp_path / "bot.yaml")


def test_aliases_that_lead_back_do_not_turn_the_search_around():
    lines, found = read_places("a: &x [1, 2]\nb: *x\n")
    assert lines is not None
    assert found == ()
    assert lines.place_of(("b", 0)).line == 1
