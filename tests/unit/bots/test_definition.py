import pytest

from rpa.bots.checking import check_definition
from rpa.bots.definition import load_definition
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.testing.filings import KINDS, PROCESSES

GOOD = """
login:
  - goto: "{url}/"
logged_out: {text: Identifiez-vous}
error: {selector: .erreur}
file:
  - fill: {name: a, value: "{nom}"}
  - fill: {name: r, value: "{key}"}
  - click: {button: OK, commits: true}
  - receipt: {selector: p, pattern: 'R-\\d+'}
find:
  - goto: "{url}/find"
  - expect: {text: Résultats}
  - hits: {rows: tr, reference: td.r, number: td.n}
"""
FIELDS = {"nom": FieldKind.NAME, "t.1.x": FieldKind.TEXT}


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "bot.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("process", sorted(KINDS))
def test_the_example_bots_fit_their_forms_without_a_warning(process):
    assert check_definition(PROCESSES / process / "bot.yaml", KINDS[process]) == ()


def test_the_steps_are_told_apart_by_the_commit(written):
    definition = load_definition(written(GOOD))

    assert [step.kind for step in definition.before_commit()] == ["fill", "fill"]
    assert definition.commit().button == "OK"
    assert definition.after_commit() == ()
    assert definition.receipt().selector == "p"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('value: "{nom}"', "vlaue: x", "file, step 1 (fill), value: Field required"),
        ('value: "{nom}"', "value: 5", "file, step 1 (fill), value"),
        ("name: a,", "", "file, step 1 (fill): tell the element by one of: label, button"),
        ("name: a,", "near: a,", "file, step 1 (fill): near tells which of several is meant"),
        ("name: a,", "name: a, map: codes,", "no such code table under tables: codes"),
        ("fill: {name: a,", "type: {name: a,", "file, step 1"),
        ('- fill: {name: a, value: "{nom}"}', "- fill", "file, step 1: a step is one verb"),
        ('- fill: {name: a, value: "{nom}"}', "- fill: a", "file, step 1: after “fill:”"),
        (", commits: true", "", "exactly one click has “commits: true”; here 0"),
        ('fill: {name: a, value: "{nom}"}', "click: {link: a, commits: true}", "here 2 have"),
        ("  - receipt: {selector: p, pattern: 'R-\\d+'}\n", "", "the only “receipt”"),
        ("  - expect: {text: Résultats}\n", "", "find ends with “expect”"),
        ('goto: "{url}/find"', "click: {link: a, commits: true}", "only a step of “file”"),
        ('goto: "{url}/"', "receipt: {selector: p, pattern: x}", "“receipt” does not belong"),
        (
            "logged_out: {text: Identifiez-vous}",
            "logged_out: {}",
            "logged_out, step 1: give one of",
        ),
        ("'R-\\d+'", "'R-('", "file, step 4 (receipt), pattern: no regular"),
        ("find:", "fnid:", "fnid: Extra inputs"),
        ("login:", "login: [", "no valid YAML"),
        ("{nom}", "{prenom}", "file, step 1 (fill): “{prenom}”: the form has no such field"),
        ("{nom}", "{nom.day}", "the kind name has no view “day”; it has: ascii, lower, upper"),
        ("{nom}", "{nom", "single brace"),
        (
            'fill: {name: a, value: "{nom}"}',
            "rows: {table: u, steps: [{fill: {name: a, value: x}}]}",
            "file, step 1 (rows): The form has no table “u”",
        ),
        (
            'fill: {name: a, value: "{nom}"}',
            'rows: {table: t, steps: [{fill: {name: a, value: "{row.y}"}}]}',
            "“{row.y}”: the form has no such field",
        ),
        (
            'fill: {name: a, value: "{nom}"}',
            "popup: {open: {link: a}, steps: [{click: {link: b, commits: true}}]}",
            "a step in a popup cannot commit",
        ),
        ("pattern: 'R-\\d+'", "find: true, url: R", "read the receipt in exactly one way"),
        ("reference: td.r, ", "", "give either reference, where the key stands, or match"),
        (
            'fill: {name: a, value: "{nom}"}',
            'date: {value: "{nom}", day: {name: a}}',
            "set a date in one field, or with day, month and year, or in a calendar",
        ),
        (
            'fill: {name: a, value: "{nom}"}',
            "select: {name: a, value: x, option: y}",
            "file, step 1 (select): give either value or option",
        ),
    ],
)
def test_a_definition_that_is_wrong_is_told_with_its_place(written, old, new, words):
    assert old in GOOD
    path = written(GOOD.replace(old, new, 1))

    with pytest.raises(DefinitionError) as caught:
        check_definition(path, FIELDS)

    assert words in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_definition_that_is_missing_is_told(tmp_path):
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_definition(tmp_path / "bot.yaml")


def test_a_search_for_a_key_that_no_step_writes_is_warned_about(written):
    path = written(GOOD.replace("{key}", "x"))

    assert "writes {key}" in " ".join(check_definition(path, FIELDS))


def test_what_a_bot_can_do_without_is_warned_about(written):
    bare = written(
        "login: [{goto: '{url}'}]\n"
        "file:\n"
        "  - click: {button: OK, commits: true}\n"
        "  - receipt: {selector: p, pattern: x}\n"
    )

    warnings = check_definition(bare, FIELDS)

    told = ("no “find”", "no “logged_out”", "no “error”")
    assert len(warnings) == len(told)
    assert all(word in warning for word, warning in zip(told, warnings, strict=True))
