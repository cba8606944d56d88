"""``rpa ocr zones``, run as a person runs it."""

import json

import pytest
from typer.testing import CliRunner

from rpa.cli.main import build_app
from rpa.domain.errors import RpaError
from rpa.testing.faxes import FaxLine, Hand, fax, typed_page
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.scans import saved

pytestmark = pytest.mark.tesseract
LINES = ("Demande de remboursement", "Nom : Tremblay", "2026-11-24", "418 643-1234")


def rpa(*words):
    done = CliRunner().invoke(build_app(words), list(words), env={"COLUMNS": "200"})
    if isinstance(done.exception, RpaError):
        return done.exception.exit_status, done.exception.reason
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zones")
    page = typed_page(LINES, hand=Hand("LiberationSans-Regular.ttf", 12)).crop((0, 0, 2550, 1300))
    (folder / "photo.png").write_bytes(saved(page, "PNG"))
    (folder / "fax.tif").write_bytes(fax([page], FaxLine(dpi=(204, 98), noise=0), seed=1))
    (folder / "digital.pdf").write_bytes(one_page_pdf())
    (folder / "junk.png").write_bytes(b"no picture")
    return folder


def boxes(path):
    """Where each line stands, as ``rpa ocr words`` tells it."""
    _status, (facts,) = rpa("ocr", "words", str(path), "--json", "--mode", "fast")
    lines: dict[int, list[dict]] = {}
    for word in facts["pages"][0]["words"]:
        lines.setdefault(word["line"], []).append(word)
    for words in lines.values():
        edges = list(zip(*(word["box"] for word in words), strict=True))
        box = [min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])]
        yield " ".join(word["text"] for word in words), box


def asked(folder, *zones):
    path = folder / "zones.json"
    path.write_text(json.dumps(zones), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["photo.png", "fax.tif", "digital.pdf"])
def test_places_of_words_are_zones(files, name):
    lines = list(boxes(files / name))
    zones = asked(files, *({"name": f"z{n}", "box": box} for n, (_text, box) in enumerate(lines)))

    status, (facts,) = rpa("ocr", "zones", str(files / name), "--zones", zones, "--json")

    assert status == 0
    assert len(lines) >= 1
    assert [zone["value"] for zone in facts["zones"]] == [text for text, _box in lines]
    method = "text-layer" if name == "digital.pdf" else "ocr"
    assert {zone["method"] for zone in facts["zones"]} == {method}


def test_a_zone_may_hold_several_lines_or_none(files):
    edges = [box for _text, box in boxes(files / "photo.png")]
    block = [edges[0][0], edges[0][1], edges[0][2], edges[1][3]]
    zones = asked(
        files, {"name": "both", "box": block}, {"name": "none", "box": [5, 1200, 300, 1260]}
    )

    _status, (facts,) = rpa("ocr", "zones", str(files / "photo.png"), "--zones", zones, "--json")

    both, none = facts["zones"]
    assert both["value"] == " ".join(LINES[:2])
    assert none["value"] is None
    assert not none["review"]


def test_a_kind_checks_what_was_read(files):
    by_text = dict(boxes(files / "photo.png"))
    zones = asked(
        files,
        {"name": "day", "box": by_text["2026-11-24"], "kind": "date"},
        {"name": "no_day", "box": by_text["418 643-1234"], "kind": "date"},
    )

    _status, (facts,) = rpa("ocr", "zones", str(files / "photo.png"), "--zones", zones, "--json")

    day, no_day = facts["zones"]
    assert (day["value"], day["review"]) == ("2026-11-24", False)
    assert (no_day["value"], no_day["review"]) == (None, True)


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ({"name": "z", "page": 7, "box": [1, 1, 9, 9]}, "no-such-page"),
        ({"name": "z", "box": [9000, 1, 9100, 9]}, "zone-off-page"),
    ],
)
def test_a_zone_that_is_nowhere_is_an_error_of_its_file(files, zone, code):
    zones = asked(files, zone)
    names = [str(files / name) for name in ("photo.png", "junk.png")]

    status, facts = rpa("ocr", "zones", *names, "--zones", zones, "--json")

    assert status == 3
    assert facts[0]["error"]["code"] == code
    assert "error" in facts[1]


@pytest.mark.parametrize(
    "zone",
    [
        {"name": "z", "box": [1, 2, 3]},
        {"name": "z", "box": [9, 2, 3, 4]},
        {"name": "z", "box": [1, 2, 3, 4], "kind": "checkbox"},
        {"name": "Not a name", "box": [1, 2, 3, 4]},
        {"box": [1, 2, 3, 4]},
    ],
)
def test_a_list_of_zones_that_is_none_is_refused(files, zone):
    status, reason = rpa("ocr", "zones", str(files / "photo.png"), "--zones", asked(files, zone))

    assert (status, reason) == (2, "definition")


def test_a_list_of_zones_that_is_missing_is_named(files):
    gone = str(files / "gone.json")

    assert rpa("ocr", "zones", str(files / "photo.png"), "--zones", gone) == (2, "file-missing")
