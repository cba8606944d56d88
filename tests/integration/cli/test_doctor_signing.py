"""What ``rpa doctor`` says of keys, trusted roots and time."""

import pytest
import yaml

from rpa.bootstrap.diagnosis import diagnoses
from rpa.bootstrap.signing_health import signing_health
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.home import make_test_home


@pytest.fixture
def settings(tmp_path, pki):
    folder, timestamp_url = pki
    home = tmp_path / "home"
    make_test_home(
        home, target="http://127.0.0.1:9", timestamp_url=timestamp_url, pki=folder, processes=[]
    )
    said = yaml.safe_load((home / HOME_FILE).read_text())
    said["signing"]["credentials"] |= {
        "marie": {"file": str(folder / "claire.p12"), "passphrase": "ask"},
        "gone": {"file": "gone.p12", "passphrase": "ask"},
        "expired": {"file": str(folder / "expire.p12"), "passphrase": f"file:{folder}/expire.pass"},
        "far": {
            "kind": "csc",
            "url": "http://127.0.0.1:9/csc/v1",
            "credential_id": "c",
            "token": f"file:{folder}/sceau.pass",
            "one_time_code": "ask",
        },
    }
    (home / HOME_FILE).write_text(yaml.safe_dump(said))
    return load_settings(home)


def test_every_credential_root_and_authority_is_looked_at(settings):
    found = {one.about: (one.severity.value, one.code) for one in signing_health(settings)}

    assert found == {
        "credential:sceau": ("ok", "well"),
        "credential:superviseur": ("ok", "well"),
        "credential:marie": ("ok", "credential-asks"),
        "credential:gone": ("error", "credential-missing"),
        "credential:expired": ("error", "certificate-expired"),
        "credential:far": ("error", "remote-unavailable"),
        "trust:Autorité racine de démonstration": ("warning", "development-root"),
        "timestamps": ("ok", "well"),
    }


def test_a_failure_ends_the_doctor_and_a_warning_does_not(settings):
    told = {one.what: one for one in diagnoses(settings)}
    keys = {what: one for what, one in told.items() if "sceau" in what or "gone" in what}

    assert sorted((one.is_well, one.is_needed) for one in keys.values()) == [
        (False, True),
        (True, False),
    ]
    roots = [one for what, one in told.items() if "Autorité racine" in what]
    assert [(one.is_well, one.is_needed) for one in roots] == [(False, False)]
    secret = settings.secret(settings.signing.credentials["sceau"].passphrase)
    assert secret not in str([one.facts() for one in told.values()])


def test_a_home_that_signs_nothing_is_not_asked_about_it(tmp_path):
    (tmp_path / HOME_FILE).write_text("organization: Ville\n")

    assert signing_health(load_settings(tmp_path)) == ()
