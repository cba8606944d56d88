"""Process folders: loaded, and what is wrong with them told."""

import pytest
import yaml

from rpa.domain.errors import DefinitionError, NotFoundError
from rpa.processes.catalog import load_catalog
from rpa.processes.folder import load_process
from rpa.testing.legacy import EXAMPLES

ZONE = {"x0": 0, "y0": 0, "x1": 9, "y1": 9}
PROCESS = {
    "name": {"fr": "Demande", "en": "Claim"},
    "owner": "Finances",
    "stops": ["decide", "archive"],
    "keep_years": 3,
}
FORM = {
    "title": "Demande",
    "fields": [{"name": "nom", "label": {"fr": "Nom", "en": "Name"}, "zone": ZONE}],
}


@pytest.fixture
def folder(tmp_path):
    def write(process=None, form=None, *, leave_out=()):
        path = tmp_path / "demande"
        path.mkdir()
        (path / "process.yaml").write_text(yaml.safe_dump({**PROCESS, **(process or {})}))
        (path / "form.yaml").write_text(yaml.safe_dump({**FORM, **(form or {})}))
        (path / "blank.pdf").write_bytes(b"")
        for name in leave_out:
            (path / name).unlink()
        return path

    return write


def test_the_folder_s_name_is_the_process_s(folder):
    assert load_process(folder()).process_id == "demande"


@pytest.mark.parametrize(
    ("process", "form", "told"),
    [
        ({"colour": "blue"}, {}, "process.yaml.*\n.*colour"),
        ({"stops": ["archive", "decide"]}, {}, "order"),
        ({"stops": ["decide", "file", "archive"]}, {}, "file"),
        ({"stops": ["decide", "sign", "archive"], "signature": {"credential": "s"}}, {}, "compose"),
        ({}, {"fields": [*FORM["fields"], *FORM["fields"]]}, "form.yaml.*\n.*nom"),
        ({}, {"groups": [{"one_of": ["nom", "lost"]}]}, "lost"),
        ({}, {"sums": [{"total": "nom", "table": "t", "column": "c"}]}, "t.c"),
        ({}, {"fields": [{**FORM["fields"][0], "zone": {**ZONE, "x1": -1}}]}, "x0 <= x1"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_place(folder, process, form, told):
    with pytest.raises(DefinitionError, match=told):
        load_process(folder(process, form))


@pytest.mark.parametrize("name", ["process.yaml", "form.yaml", "blank.pdf"])
def test_a_missing_file_is_named(folder, name):
    with pytest.raises(DefinitionError, match=name):
        load_process(folder(leave_out=[name]))


def test_no_yaml_is_told(folder):
    path = folder()
    (path / "form.yaml").write_text("a: [")
    with pytest.raises(DefinitionError, match=r"form\.yaml"):
        load_process(path)


def test_one_broken_folder_does_not_hide_the_others(folder, tmp_path):
    folder({"colour": "blue"})

    catalog = load_catalog([EXAMPLES / "processes", tmp_path])

    assert len(catalog) == 3
    assert len(catalog.problems) == 1
    with pytest.raises(NotFoundError, match="demande"):
        catalog.get("demande")


@pytest.mark.parametrize("path", sorted((EXAMPLES / "processes").iterdir()), ids=lambda p: p.name)
def test_every_example_process_loads(path):
    assert load_process(path).definition.baseline.declared_by
