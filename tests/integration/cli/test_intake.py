"""``rpa intake``, run as a person runs it."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.settings import HOME_FILE
from rpa.testing.faxes import fax, rendered_page, typed_page
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf
from rpa.testing.scans import page, scanned_pdf
from rpa.testing.sheets import patch_sheet

EXAMPLES = Path(__file__).parents[3] / "examples" / "processes"


def rpa(*words):
    done = CliRunner().invoke(build_app(words), list(words), env={"COLUMNS": "200"})
    if isinstance(done.exception, RpaError):
        return done.exception.exit_status, done.exception.reason
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def contents():
    return {
        "fax.tif": fax_tiff(2),
        "form.pdf": one_page_pdf(),
        "locked.pdf": locked_pdf(user="x"),
        "mail.eml": mail_bytes(("a.pdf", "application/pdf", one_page_pdf())),
        "pile.pdf": scanned_pdf([page(), patch_sheet(), page()], dpi=(200, 200)),
    }


@pytest.fixture
def files(contents, tmp_path):
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_inspect_tells_kind_and_pages_or_the_refusal_and_ends_well(files):
    paths = [str(files / name) for name in ("fax.tif", "form.pdf", "locked.pdf", "mail.eml")]
    status, output = rpa("intake", "inspect", *paths, "--json")
    fax, form, locked, mail = json.loads(output)["files"]

    assert status == 0
    assert fax["media_type"] == "image/tiff"
    assert fax["pages"] == [
        {
            "width": 1728, "height": 1100, "dpi_x": 204.0, "dpi_y": 98.0, "bilevel": True,
            "quality": 1.0, "fax": None,
        }
    ] * 2  # fmt: skip
    assert (form["media_type"], form["pages"][0]["width"]) == ("application/pdf", 2550)
    assert locked["refused"]["code"] == "encrypted"
    assert locked["refused"]["reason"]
    assert (mail["media_type"], mail["pages"]) == ("message/rfc822", [])


def test_inspect_prints_a_table_for_people(files):
    status, output = rpa(
        "intake", "inspect", *(str(files / name) for name in ("fax.tif", "locked.pdf", "mail.eml"))
    )

    assert status == 0
    assert "1728 × 1100" in output
    assert "204 × 98" in output
    assert "encrypted" in output


def test_split_shows_separators_and_parts(files):
    status, output = rpa("intake", "split", str(files / "pile.pdf"), "--json")
    [told] = json.loads(output)["files"]

    assert status == 0
    assert told["separators"] == [{"page": 2, "kind": "patch", "text": "T"}]
    assert [part["pages"] for part in told["parts"]] == [[1], [3]]
    assert told["parts"][1]["separators"] == [2]


def test_split_prints_a_table_for_people(files):
    status, output = rpa("intake", "split", *(str(files / n) for n in ("pile.pdf", "locked.pdf")))

    assert status == 0
    assert "2 (patch T)" in output
    assert "1 | 3" in output
    assert "encrypted" in output


@pytest.fixture(scope="module")
def printed_pile(tmp_path_factory):
    """Three forms, a letter of two pages between them, and one without a number."""
    blanks = [rendered_page(path.read_bytes(), 1) for path in sorted(EXAMPLES.glob("*/blank.pdf"))]
    first = typed_page(["Page 1 de 2", "", "", "Madame,", "vos pages suivent."])
    second = typed_page(["Page 2 de 2", "", "", "Annexe", "sans formulaire"])
    plain = typed_page(["", "", "", "", "", "", "Une lettre sans nombre."])
    pile = tmp_path_factory.mktemp("pile") / "pile.tif"
    pile.write_bytes(fax([blanks[0], blanks[1], first, second, blanks[2], plain], seed=4))
    return pile


@pytest.mark.tesseract
@pytest.mark.parametrize(
    ("how", "parts"),
    [
        (["--forms", str(EXAMPLES)], [[1], [2, 3, 4], [5, 6]]),
        (["--by-number"], [[1], [2], [3, 4], [5, 6]]),  # the forms have numbers too
        ([], [[1, 2, 3, 4, 5, 6]]),
    ],
)
def test_split_by_what_is_printed(printed_pile, how, parts):
    status, output = rpa("intake", "split", str(printed_pile), *how, "--json")

    [told] = json.loads(output)["files"]
    assert status == 0
    assert [part["pages"] for part in told["parts"]] == parts


def test_split_as_a_channel_does(files):
    channel = {"kind": "scan", "folder": "in", "split": {"patch_codes": [], "every": 3}}
    (files / HOME_FILE).write_text(yaml.safe_dump({"channels": {"pile": channel}}))
    at_home = ("--channel", "pile", "--home", str(files), "--json")

    _status, output = rpa("intake", "split", str(files / "pile.pdf"), *at_home)
    assert [part["pages"] for part in json.loads(output)["files"][0]["parts"]] == [[1, 2, 3]]

    _status, output = rpa("intake", "split", str(files / "fax.tif"), *at_home)
    [fax] = json.loads(output)["files"]
    assert (fax["parts"], fax["refused"]["code"]) == ([], "page-count")


def test_a_channel_or_file_that_is_not_there_is_told(files):
    (files / HOME_FILE).write_text("{}")

    at_home = ("--channel", "x", "--home", str(files))
    assert rpa("intake", "split", str(files / "pile.pdf"), *at_home) == (2, "no-channel")
    assert rpa("intake", "inspect", str(files / "none.pdf"))[0] == 2
