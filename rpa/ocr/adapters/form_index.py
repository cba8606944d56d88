"""Which of many blanks a page could be: the points of a page look for their like on all of them.

Aligning a page with a blank is sure but takes a tenth of a second; with hundreds of blanks only the
few that share most points with the page are worth it.
"""

import contextlib
import hashlib
import os
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.ocr.adapters.alignment import Sketch
from rpa.ocr.adapters.blanks import front_sketch

ON_BLANK: Final = 700
"""Strongest points of a blank that are kept."""
ON_PAGE: Final = 500
"""Strongest points of a page that are looked for."""
NEAR: Final = 56
"""Bits of 256 in which two points may differ."""
ALIKE: Final = 4
"""How many points of blanks a point of the page may vote for."""
LEAST_VOTES: Final = 8
RIVAL: Final = 0.2
"""Share of the best blank's votes from which another one is worth a look."""
FEW: Final = 6
"""With no more blanks than this, every one is tried."""
IN_MEMORY: Final = 64
"""Whole sketches, 2 MB each; of the others only the strongest points."""
VERSION: Final = 1
"""Of the sketches in the folder; counted up when they are made in another way."""


class Fronts:
    """The first pages of blanks, as they are known again; safe from several threads.

    Drawing a blank and finding its points takes a third of a second, so both memory and, where
    there is one, a folder keep them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Keep sketches in ``folder`` too; it may be emptied at any time."""
        self._folder = folder
        self._marks: dict[str, NDArray[np.uint8]] = {}
        self._sketches: OrderedDict[str, Sketch] = OrderedDict()
        self._lock = Lock()

    def sketch(self, blank: bytes) -> Sketch:
        """Return the sketch of a blank's first page.

        Raises:
            DefinitionError: The blank is no readable PDF.
        """
        with self._lock:
            return self._known(hashlib.sha256(blank).hexdigest(), blank)

    def likely(self, page: Sketch, blanks: Sequence[bytes], *, most: int = 4) -> list[int]:
        """Return the places in ``blanks`` of those the page could be, the likeliest first."""
        if len(blanks) <= FEW:
            return list(range(len(blanks)))
        kept = [self._points(blank) for blank in blanks]
        asked = _strongest(page, ON_PAGE)
        if not len(asked) or not any(len(marks) for marks in kept):
            return []
        owners = np.repeat(np.arange(len(kept)), [len(marks) for marks in kept])
        found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(asked, np.concatenate(kept), k=ALIKE)
        # Sister editions have the same points: a point of the page votes for all of them.
        votes = Counter(
            owner
            for pairs in found
            for owner in {int(owners[p.trainIdx]) for p in pairs if p.distance <= NEAR}
        )
        best = votes.most_common(most)
        enough = max(LEAST_VOTES, best[0][1] * RIVAL) if best else 0
        return [place for place, count in best if count >= enough]

    def _points(self, blank: bytes) -> NDArray[np.uint8]:
        digest = hashlib.sha256(blank).hexdigest()
        with self._lock:
            if digest not in self._marks:
                self._marks[digest] = _strongest(self._known(digest, blank), ON_BLANK)
            return self._marks[digest]

    def _known(self, digest: str, blank: bytes) -> Sketch:
        if digest not in self._sketches:
            self._sketches[digest] = self._read(digest) or self._made(digest, blank)
            while len(self._sketches) > IN_MEMORY:
                self._sketches.popitem(last=False)
        self._sketches.move_to_end(digest)
        return self._sketches[digest]

    def _made(self, digest: str, blank: bytes) -> Sketch:
        sketch = front_sketch(blank)
        if self._folder is not None:
            # A cache that can't be written is no reason not to read a form.
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                made = self._folder / f"{digest}.{os.getpid()}.tmp"
                with made.open("wb") as out:
                    np.savez_compressed(out, version=VERSION, **asdict(sketch))
                made.replace(self._folder / f"{digest}.npz")
        return sketch

    def _read(self, digest: str) -> Sketch | None:
        if self._folder is None:
            return None
        try:
            with np.load(self._folder / f"{digest}.npz", allow_pickle=False) as kept:
                if int(kept["version"]) != VERSION:
                    return None
                return Sketch(
                    scale=float(kept["scale"]),
                    pixels=kept["pixels"],
                    places=kept["places"],
                    marks=kept["marks"],
                    strengths=kept["strengths"],
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None


def _strongest(sketch: Sketch, most: int) -> NDArray[np.uint8]:
    order = np.argsort(-sketch.strengths, kind="stable")[:most]
    return np.asarray(sketch.marks[order], dtype=np.uint8)
