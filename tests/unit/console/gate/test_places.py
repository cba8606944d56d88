"""How much goes on at once, and who waits for whom."""

import asyncio

import pytest

from rpa.console.gate.places import HALF_LIFE_S, CrowdedError, Places, Share, Spent

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


def test_who_took_long_waits_behind_who_comes_for_the_first_time():
    share = Share(at_once=1, each=1, queue=9, queue_each=9, patience_s=5)

    async def told():
        places, order = Places(share), []

        async def work(address, takes_s):
            async with places.place(address):
                order.append(address)
                await asyncio.sleep(takes_s)

        await work("hog", 0.2)
        begun = [asyncio.create_task(work("hog", 0.1))]
        await asyncio.sleep(0.01)
        begun += [asyncio.create_task(work(one, 0.01)) for one in ("hog", "hog", "b", "c")]
        await asyncio.gather(*begun)
        return order

    assert asyncio.run(told()) == ["hog", "hog", "b", "c", "hog", "hog"]


def test_where_the_queue_is_full_the_heaviest_makes_room_for_a_lighter_one():
    share = Share(at_once=1, each=1, queue=2, queue_each=2, patience_s=5)

    async def told():
        places, order = Places(share), []
        end = asyncio.Event()

        async def work(name, cost_s):
            async with places.place(name, cost_s=cost_s):
                order.append(name)
                await end.wait()

        begun = []
        for name, cost_s in (("a", 9.0), ("heavy", 9.0), ("light", 1.0), ("b", 2.0)):
            begun.append(asyncio.create_task(work(name, cost_s)))
            await asyncio.sleep(0.01)
        with pytest.raises(CrowdedError):
            await work("heavier", 3.0)
        end.set()
        outcomes = await asyncio.gather(*begun, return_exceptions=True)
        return order, [type(outcome) for outcome in outcomes], places

    order, outcomes, places = asyncio.run(told())
    assert order == ["a", "light", "b"]
    assert outcomes == [type(None), CrowdedError, type(None), type(None)]
    assert (places._free, len(places._here), len(places._waiting)) == (1, 0, 0)


def test_time_that_was_taken_is_forgotten_by_and_by():
    spent = Spent()
    spent.add("a", 20.0, 0.0)

    assert spent.of("a", HALF_LIFE_S) == pytest.approx(10.0)
    assert spent.of("b", HALF_LIFE_S) == 0.0
    spent.add("b", 1.0, 20 * HALF_LIFE_S)
    assert list(spent._spent) == ["b"]


def test_nothing_is_left_of_those_who_are_gone():
    async def told():
        places = Places(SHARE)
        work = Work(places)
        begun = await work.begin("a", "b", "c")
        begun[1].cancel()
        begun[2].cancel()
        work.end.set()
        await asyncio.gather(*begun, return_exceptions=True)
        return places

    places = asyncio.run(told())
    assert (places._free, len(places._here), len(places._holding), len(places._waiting)) == (
        2,
        0,
        0,
        0,
    )


def test_a_thousand_comings_and_goings_leave_every_place_free():
    share = Share(at_once=3, each=2, queue=500, queue_each=100, patience_s=0.02)

    async def told():
        places, at_once, most = Places(share), 0, 0

        async def work(number):
            nonlocal at_once, most
            try:
                async with places.place(f"a{number % 7}"):
                    at_once += 1
                    most = max(most, at_once)
                    try:
                        await asyncio.sleep(0.001 * (number % 5))
                    finally:
                        at_once -= 1
            except CrowdedError:
                pass

        begun = []
        for number in range(1_000):
            begun.append(asyncio.create_task(work(number)))
            if number % 10 == 0:
                await asyncio.sleep(0.001)
            if number % 13 == 0:
                begun[number // 2].cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        return places, most

    places, most = asyncio.run(told())
    assert most <= 3
    assert (places._free, len(places._here), len(places._holding)) == (3, 0, 0)
