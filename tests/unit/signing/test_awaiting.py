import asyncio

import pytest

from rpa.signing.adapters.awaiting import awaited


async def doubled(number):
    await asyncio.sleep(0)
    return 2 * number


async def failing():
    await asyncio.sleep(0)
    raise LookupError


def test_a_coroutine_runs_to_its_end():
    assert awaited(doubled(21)) == 42


def test_it_runs_beside_a_loop_of_the_same_thread():
    async def inside():
        return awaited(doubled(21))

    assert asyncio.run(inside()) == 42


def test_its_errors_come_out():
    async def inside():
        awaited(failing())

    with pytest.raises(LookupError):
        asyncio.run(inside())
