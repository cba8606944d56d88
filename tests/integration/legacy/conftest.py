import pytest

from rpa.testing.clerk import clerk_at
from rpa.testing.legacy import running_legacy

COMPLAINT = {
    "ctl00$T1": "P-1",
    "ctl00$T2": "Lefrançois-Œuvray",
    "ctl00$T3": "Łucja",
    "ctl00$T4": "418 643-1234",
    "ctl00$D1": "QC",
    "ctl00$D2": "Côte-Nord",
    "ctl00$R1": "T",
    "ctl00$C2": "on",
    "ctl00$T5": "L’odeur\r\n« forte » à 5 €",
}


@pytest.fixture
def worse(tmp_path):
    """Start the application with options."""
    managers = []

    def start(*options):
        manager = running_legacy(tmp_path, options=options)
        managers.append(manager)
        return manager.__enter__()

    yield start
    for manager in managers:
        manager.__exit__(None, None, None)


@pytest.fixture(scope="session")
def running_all_day(tmp_path_factory):
    with running_legacy(tmp_path_factory.mktemp("guichet")) as legacy:
        yield legacy


@pytest.fixture
def guichet(running_all_day):
    yield running_all_day
    running_all_day.misbehave("none")


@pytest.fixture
def commis(guichet):
    """A clerk who is logged in."""
    with clerk_at(guichet) as clerk:
        clerk.log_in()
        yield clerk


@pytest.fixture
def complain():
    """Fill the form of a complaint on a clerk's behalf, up to the save, and send it."""

    def send(clerk, reference, *, file=None, save="ctl00$LB1", **other):
        clerk.get("/plainte")
        fields = {**COMPLAINT, "ctl00$T1": reference, **other}
        clerk.post_back("/plainte", fields, target="ctl00$Cal1", argument="9800")
        return clerk.post_back("/plainte", fields, target=save, file=file)

    return send
