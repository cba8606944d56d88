"""What flows are started with is kept by Prefect and shown to everybody: it holds no secret."""

import inspect

from flows.run import FLOWS

PLAIN = {"home", "most", "as_of"}


def test_flows_are_given_a_home_and_plain_numbers_never_a_secret():
    for flow in FLOWS.values():
        assert set(inspect.signature(flow.fn).parameters) <= PLAIN
