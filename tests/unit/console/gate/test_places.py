"""How much goes on at once, and who waits for whom."""

import asyncio

import pytest

from rpa.console.gate.places import CrowdedError, Places, Share

SHARE = Share(at_once=2, each=1, queue=2, queue_each=1, patience_s=0.2)


class Work:
    """Holds places until it is told to end."""

    def __init__(self, places):
        self._places, self.at_work, self.end = places, [], asyncio.Event()

    async def do(self, address):
        async with self._places.place(address):
            self.at_work.append(address)
            await self.end.wait()

    async def begin(self, *addresses):
        begun = [asyncio.create_task(self.do(address)) for address in addresses]
        await asyncio.sleep(0.01)
        return begun


def test_an_address_waits_for_itself_before_it_waits_for_others():
    async def told():
        work = Work(Places(SHARE))
        begun = await work.begin("a", "a", "b")
        before = list(work.at_work)
        work.end.set()
        await asyncio.gather(*begun)
        return before, work.at_work

    assert asyncio.run(told()) == (["a", "b"], ["a", "b", "a"])


@pytest.mark.parametrize(
    ("held", "comes", "is_own"),
    [(("a", "a"), "a", True), (("a", "b", "c", "d"), "e", False)],
)
def test_where_the_queue_ends_one_is_told_at_once(held, comes, is_own):
    async def told():
        places = Places(SHARE)
        work = Work(places)
        begun = await work.begin(*held)
        began = asyncio.get_running_loop().time()
        with pytest.raises(CrowdedError) as caught:
            await work.do(comes)
        took = asyncio.get_running_loop().time() - began
        work.end.set()
        await asyncio.gather(*begun, return_exceptions=True)
        return caught.value.is_own, took

    found, took = asyncio.run(told())
    assert found is is_own
    assert took < SHARE.patience_s / 2


def test_nobody_waits_for_ever_and_a_place_that_comes_free_is_not_lost():
    async def told():
        places = Places(SHARE)
        work = Work(places)
        begun = await work.begin("a", "b")
        with pytest.raises(CrowdedError) as caught:
            await work.do("c")
        work.end.set()
        await asyncio.gather(*begun)
        await asyncio.gather(*(work.do(address) for address in ("a", "b", "c", "d")))
        return caught.value, work.at_work

    error, at_work = asyncio.run(told())
    assert (error.is_own, error.retry_after_s) == (False, 1)
    assert sorted(at_work) == ["a", "a", "b", "b", "c", "d"]


def test_whoever_gives_up_waiting_leaves_the_place_to_others():
    async def told():
        work = Work(Places(SHARE))
        begun = await work.begin("a", "b", "c")
        begun[2].cancel()
        await asyncio.sleep(0.01)
        begun += await work.begin("d")
        work.end.set()
        await asyncio.gather(*begun, return_exceptions=True)
        return work.at_work

    assert asyncio.run(told()) == ["a", "b", "d"]
