"""Which addresses are on this machine, and what a visitor's address counts as."""

import pytest

from rpa.domain.addresses import is_loopback, is_within, neighborhood


@pytest.mark.parametrize(
    ("host", "counts_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_an_address_counts_as_itself_or_as_its_64(host, counts_as):
    assert neighborhood(host) == counts_as


@pytest.mark.parametrize(
    ("host", "places", "is_in"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8",), False),
        ("127.0.0.1", ("127.0.0.1",), True),
        ("127.0.0.2", ("127.0.0.1",), False),
        ("::1", ("::1",), True),
        ("::1", ("10.0.0.0/8",), False),
        ("proxy", ("proxy",), True),
        ("proxy", ("10.0.0.0/8", "no address"), False),
        ("192.0.2.7", ("*",), True),
        ("192.0.2.7", (), False),
    ],
)
def test_a_host_is_within_addresses_networks_and_everything(host, places, is_in):
    assert is_within(host, places) is is_in


@pytest.mark.parametrize(
    ("host", "is_here"),
    [("localhost", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("x", False)],  # noqa: S104
)
def test_this_machine_is_told_from_others(host, is_here):
    assert is_loopback(host) is is_here
