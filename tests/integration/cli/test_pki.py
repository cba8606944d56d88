"""``rpa pki`` from the command line."""

import json

import pytest
import yaml
from typer.testing import CliRunner

from rpa.cli.init import make_home
from rpa.cli.main import build_app
from rpa.settings import load_settings


def run(*words):
    return CliRunner().invoke(build_app(words), words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    made = run("pki", "create", str(folder))
    assert made.exit_code == 0
    assert "FOR DEVELOPMENT ONLY" in made.stderr or "DÉVELOPPEMENT" in made.stderr
    return folder


def listed(folder):
    return json.loads(run("pki", "list", str(folder), "--json").stdout)


def test_one_command_makes_everything_to_try_with(folder):
    names = {one["name"]: one["standing"] for one in listed(folder)}

    assert {"root", "interm", "ocsp", "tsa"} < set(names)
    assert {"sceau", "sceau-rsa", "superviseur", "claire", "jean", "amina"} < set(names)
    assert (names["revoque"], names["expire"]) == ("revoked", "expired")
    assert (folder / "claire.p12").is_file()


def test_a_certificate_is_revoked_by_its_name(folder):
    done = run("pki", "revoke", "jean", str(folder))

    assert done.exit_code == 0
    assert {one["name"]: one["standing"] for one in listed(folder)}["jean"] == "revoked"
    assert run("pki", "revoke", "nobody", str(folder)).exit_code != 0


def test_a_folder_without_a_pki_is_told(tmp_path):
    assert run("pki", "list", str(tmp_path)).exit_code != 0


@pytest.mark.parametrize(
    ("timestamp", "named"),
    [("http://127.0.0.1:8318/tsa", True), ("https://tsa.example/tsa", False)],
)
def test_a_home_s_certificates_name_the_server_that_its_settings_name(tmp_path, timestamp, named):
    make_home(
        tmp_path,
        organization="Ville",
        processes=[],
        target="http://127.0.0.1:1",
        timestamp=timestamp,
        inventory=None,
    )

    said = yaml.safe_load((tmp_path / "pki" / "pki" / "pki.yaml").read_text())
    extensions = said["pki-architectures"]["dev"]["certs"]["sceau"]["extensions"]
    assert any(one["id"] == "authority_information_access" for one in extensions) is named
    assert load_settings(tmp_path).signing.on_failure == "lower"
