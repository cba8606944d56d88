"""Documents spoiled by chance: what a bad line, a bad disk or a bad person makes of a file."""

import random
from collections.abc import Callable
from typing import Final

MOST_CHANGES: Final = 24
Mutation = Callable[[bytearray, random.Random], None]


def dice_of(seed: int | str) -> random.Random:
    """Return dice that fall the same way each time for a seed."""
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Return ``content`` with one to three kinds of damage; the same dice give the same bytes."""
    spoiled = bytearray(content)
    for _round in range(dice.choice((1, 1, 2, 3))):
        if spoiled:
            dice.choice(MUTATIONS)(spoiled, dice)
    return bytes(spoiled)


def flip_bits(spoiled: bytearray, dice: random.Random) -> None:
    """Flip single bits anywhere."""
    for _flip in range(dice.randint(1, MOST_CHANGES)):
        spoiled[dice.randrange(len(spoiled))] ^= 1 << dice.randrange(8)


def flip_head_bits(spoiled: bytearray, dice: random.Random) -> None:
    """Flip bits where headers stand."""
    for _flip in range(dice.randint(1, 8)):
        spoiled[dice.randrange(min(len(spoiled), 512))] ^= 1 << dice.randrange(8)


def cut_short(spoiled: bytearray, dice: random.Random) -> None:
    """Lose the end."""
    del spoiled[dice.randrange(len(spoiled)) :]


def lose_a_piece(spoiled: bytearray, dice: random.Random) -> None:
    """Lose a piece of the middle."""
    start = dice.randrange(len(spoiled))
    del spoiled[start : start + dice.randint(1, 1 + len(spoiled) // 8)]


def swap_pieces(spoiled: bytearray, dice: random.Random) -> None:
    """Put two pieces of the same length in each other's place."""
    size = dice.randint(1, 1 + len(spoiled) // 8)
    one, other = (dice.randrange(max(1, len(spoiled) - size)) for _piece in range(2))
    first, second = spoiled[one : one + size], spoiled[other : other + size]
    spoiled[one : one + len(second)] = second
    spoiled[other : other + len(first)] = first


def repeat_a_piece(spoiled: bytearray, dice: random.Random) -> None:
    """Send a piece twice."""
    start = dice.randrange(len(spoiled))
    piece = spoiled[start : start + dice.randint(1, 1 + len(spoiled) // 8)]
    spoiled[start:start] = piece


def write_extreme_numbers(spoiled: bytearray, dice: random.Random) -> None:
    """Overwrite two or four bytes, as a length or a size, with numbers at the edges."""
    for _number in range(dice.randint(1, 4)):
        width = dice.choice((2, 4))
        limit = 1 << (8 * width)
        value = dice.choice((0, 1, limit - 1, limit // 2, limit // 2 - 1, dice.randrange(limit)))
        at = dice.randrange(max(1, min(len(spoiled), dice.choice((64, 512, len(spoiled))))))
        written = value.to_bytes(width, "little")
        spoiled[at : at + width] = written if dice.random() < 0.5 else written[::-1]


def write_other_digits(spoiled: bytearray, dice: random.Random) -> None:
    """Change digits of a text, as in a PDF's lengths, offsets and sizes."""
    places = [at for at, byte in enumerate(spoiled[: 1 << 16]) if 0x30 <= byte <= 0x39]
    for at in dice.sample(places, min(len(places), dice.randint(1, 8))):
        spoiled[at] = dice.choice(b"0123456789")


MUTATIONS: Final[tuple[Mutation, ...]] = (
    flip_bits,
    flip_head_bits,
    cut_short,
    lose_a_piece,
    swap_pieces,
    repeat_a_piece,
    write_extreme_numbers,
    write_other_digits,
)
