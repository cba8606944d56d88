"""How many connections a process can hold."""

import resource

import pytest

from rpa.console.gate.limits import FEWEST_CONNECTIONS, MOST_CONNECTIONS, connections_here


@pytest.fixture
def descriptors():
    """Set how many descriptors this process may have; the test's end sets it back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda count: resource.setrlimit(resource.RLIMIT_NOFILE, (count, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("count", "wanted", "held"),
    [
        (1024, None, 432),
        (1024, 100, 100),
        (1024, 5000, 432),
        (200, None, 20),
        (100, None, FEWEST_CONNECTIONS),
        (10_000, None, MOST_CONNECTIONS),
        (10_000, 3_000, 3_000),
    ],
)
def test_as_many_as_is_wanted_if_descriptors_suffice(descriptors, count, wanted, held):
    descriptors(count)

    assert connections_here(wanted) == held
