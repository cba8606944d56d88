"""What a process names for its signatures and a home lacks is told before a case waits for it."""

import pytest

from rpa.bootstrap.process_signers import signature_warnings
from rpa.bootstrap.register import open_register
from rpa.processes.folder import load_process
from rpa.settings import Settings
from rpa.testing.legacy import EXAMPLES
from rpa.testing.requests import a_person

KEY = {"file": "x.p12", "passphrase": "env:X"}


@pytest.fixture
def told(tmp_path):
    """Return what is missing for a signature section."""
    settings = Settings.model_validate(
        {"home": tmp_path, "signing": {"credentials": {"anne": KEY, "sceau": KEY}}}
    )
    register = open_register(settings)
    for person in (
        a_person("anne"),
        a_person("parti", credential="anne", is_active=False),
        a_person("sans", credential=""),
        a_person("autre"),
    ):
        register.add_person(person, actor="test")
    process = load_process(EXAMPLES / "processes" / "changement-adresse")

    def warnings(**said):
        definition = process.definition.model_dump()
        spec = type(process.definition).model_validate({**definition, "signature": said})
        return signature_warnings(type(process)(process.path, spec), settings)

    return warnings


def test_what_is_there_is_no_matter(told):
    assert told(credential="sceau") == ()
    assert told(by="person", signers=[{"person": "anne"}], told=["sans"]) == ()


def test_what_is_missing_is_named(told):
    assert told(credential="seau") == ("rpa.yaml has no credential seau under signing.",)
    names = ("anne", "nobody", "parti", "sans", "autre")
    found = told(by="person", signers=[{"person": name} for name in names], told=["chef"])
    assert found == (
        "nobody has no account: `rpa person add`.",
        "The account of parti is closed.",
        "sans has no signing credential: `rpa person`.",
        "rpa.yaml has no credential autre under signing.",
        "chef has no account: `rpa person add`.",
    )
