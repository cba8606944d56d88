"""RapidOCR, an engine of another kind than Tesseract: text is found, then read, by networks.

Needs the extra ``ocr``; its models (PP-OCRv6, French letters included) come with its package. Three
things make it cheap: one thread, since its threads spin while they wait; lines that are not padded
to a common width; and OpenVINO in place of ONNX Runtime on a processor that multiplies bf16
numbers (8 bits of precision for 24), which halves the networks' time and keeps their reading.
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from threading import Lock
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import EngineType, RapidOCR
from rapidocr.utils.process_img import get_rotate_crop_image

from rpa.ocr.adapters.pixels import grey, has_ink, shrunk
from rpa.ocr.api import Grey, Layout, Word

LONGEST_TO_FIND: Final = 1500
"""Longer side in pixels of a page on which text is looked for: 136 dpi of a Letter page."""
LONGEST_TO_READ: Final = 2200
"""Longer side of a page that lines are cut out of; they are read 48 pixels high."""
LINE_HEIGHT: Final = 48
SAME_LETTER: Final = {
    **{chr(sign + 0xFEE0): chr(sign) for sign in range(0x21, 0x7F)},  # those of full width
    "ı": "i", "İ": "I", "’": "'",
}  # fmt: skip
"""Letters of other alphabets that stand for a French one where they are read."""
LEAST_SCORE: Final = 0.6
"""Mean probability of its letters below which a line that was found is no text."""
UPRIGHT: Final = 1.5
"""From this height to width on, a line was turned to be read."""
WIDTH_STEP: Final = 64
"""Lines are filled up to a multiple of so many pixels for OpenVINO, which compiles each width."""
_QUICKER: Final = {
    "Det.engine_type": EngineType.OPENVINO,
    "Rec.engine_type": EngineType.OPENVINO,
    "EngineConfig.openvino.inference_num_threads": 1,
    "EngineConfig.openvino.num_streams": 1,
    "EngineConfig.openvino.enable_cpu_pinning": False,
}
_PARAMETERS: Final = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
    "Rec.rec_img_shape": [3, LINE_HEIGHT, LINE_HEIGHT],
    "Det.limit_type": "max",
    "Det.limit_side_len": LONGEST_TO_FIND,
    "Global.log_level": "error",
}

# OpenVINO, when imported, tells its makers so over the network unless this package is missing.
# None in its place makes it be missed: nothing leaves the organisation.
sys.modules["openvino_telemetry"] = cast("Any", None)

Corners = NDArray[np.float32]
"""Four rows of x, y: clockwise from where the text's first letter has its top left."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter read on a line: where its middle is (0 left to 1 right), and how probable it is."""

    text: str
    place: float
    probability: float


class RapidEngine:
    """Reads text with RapidOCR; see :class:`rpa.ocr.api.OcrEngine`."""

    def __init__(self, *, quicker: bool | None = None) -> None:
        """Load the models; by OpenVINO if ``quicker``, or unsaid and the processor gains by it."""
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        self._step = WIDTH_STEP if (_gains() if quicker is None else quicker) else 1
        rapid = RapidOCR(params=_PARAMETERS | (_QUICKER if self._step > 1 else {}))
        nothing = np.full((LINE_HEIGHT, LINE_HEIGHT, 3), 255, np.uint8)
        rapid(nothing, use_det=True, use_cls=False, use_rec=False)
        rapid(nothing, use_det=False, use_cls=False, use_rec=True)
        # Made by the two calls before; the whole engine would pad lines and read them in batches.
        self._finder: Any = rapid.text_det
        self._reader: Any = rapid.text_rec
        self._lock = Lock()

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Read every image; see :meth:`rpa.ocr.api.OcrEngine.recognize`."""
        with self._lock:
            return [self._words(image, layout) if has_ink(image) else () for image in images]

    def _words(self, image: Grey, layout: Layout) -> tuple[Word, ...]:
        if layout is Layout.LINE:
            height, width = image.shape
            whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
            return tuple(_words_of(self._letters(_colored(image)), whole, line=0))
        return tuple(self._on_page(image))

    def _on_page(self, image: Grey) -> Iterator[Word]:
        shrink = min(1.0, LONGEST_TO_READ / max(image.shape))
        page = _colored(shrunk(image, shrink))
        for number, corners in enumerate(self.lines(image)):
            crop = get_rotate_crop_image(page, (corners * shrink).astype(np.float32))
            letters = self._letters(crop)
            if letters and np.mean([letter.probability for letter in letters]) >= LEAST_SCORE:
                yield from _words_of(letters, corners, line=number)

    def lines(self, image: Grey) -> list[Corners]:
        """Return where there are lines of text on a page, in reading order."""
        shrink = min(1.0, LONGEST_TO_FIND / max(image.shape))
        found = self._finder(_colored(shrunk(image, shrink)))
        boxes = [] if found.boxes is None else found.boxes
        return [np.asarray(box, dtype=np.float32) / shrink for box in boxes]

    def _letters(self, crop: NDArray[np.uint8]) -> list[Letter]:
        reader = self._reader
        height, width = crop.shape[:2]
        if not height or not width:
            return []
        normal = reader.resize_norm_img(crop, max(1.0, width / height))
        wide = normal.shape[2]
        filled = np.pad(normal, ((0, 0), (0, 0), (0, -wide % self._step)))
        (chances,) = reader.session(filled[np.newaxis, :])
        return list(_decoded(chances, reader.postprocess_op.character, wide / filled.shape[2]))


def _gains() -> bool:
    """Say whether OpenVINO is there and the processor multiplies bf16 numbers by itself."""
    if find_spec("openvino") is None:
        return False
    core = import_module("openvino").Core()
    return "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _colored(image: Grey) -> NDArray[np.uint8]:
    return grey(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))


def _decoded(
    chances: NDArray[np.float32], characters: Sequence[str], used: float
) -> Iterator[Letter]:
    """Yield the letters of the best path: repeats and blanks (character 0) left out.

    The line takes the share ``used`` of the steps; what follows is filling.
    """
    best = chances.argmax(axis=1)
    sure = chances.max(axis=1)
    before = -1
    for step, (index, probability) in enumerate(zip(best, sure, strict=True)):
        if index not in (0, before):
            text = SAME_LETTER.get(characters[index], characters[index])
            yield Letter(text, min(1.0, (step + 0.5) / (used * len(best))), float(probability))
        before = index


def _words_of(letters: Sequence[Letter], corners: Corners, *, line: int) -> Iterator[Word]:
    gaps = [-1, *(i for i, letter in enumerate(letters) if letter.text.isspace()), len(letters)]
    places = [letter.place for letter in letters]
    half = float(np.median(np.diff(places))) / 2 if len(places) > 1 else 0.5
    for before, after in pairwise(gaps):
        run = letters[before + 1 : after]
        if run:
            span = (max(0.0, run[0].place - half), min(1.0, run[-1].place + half))
            yield _word(run, corners, span, line)


def _word(run: Sequence[Letter], corners: Corners, span: tuple[float, float], line: int) -> Word:
    top_left, top_right, bottom_right, bottom_left = corners
    tall = np.linalg.norm(bottom_left - top_left) >= UPRIGHT * np.linalg.norm(top_right - top_left)
    if tall:
        top_left, top_right, bottom_right, bottom_left = (
            bottom_left, top_left, top_right, bottom_right,
        )  # fmt: skip
    edges = np.array(
        [
            edge_start + share * (edge_end - edge_start)
            for edge_start, edge_end in ((top_left, top_right), (bottom_left, bottom_right))
            for share in span
        ]
    )
    (x0, y0), (x1, y1) = edges.min(axis=0), edges.max(axis=0)
    text = "".join(letter.text for letter in run)
    sure = min(letter.probability for letter in run)
    return Word(text, float(x0), float(y0), float(x1), float(y1), min(1.0, max(0.0, sure)), line)
