"""How far two words are apart."""


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out or changed to make one the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, start=1):
            changed = before + (letter != against)
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, changed)
    return row[-1]
