"""OCR engines for tests: one that knows its images, one that never answers."""

from collections.abc import Mapping, Sequence

from rpa.domain.errors import ToolTimeoutError
from rpa.ocr.api import Grey, Layout, Word


class KnowingEngine:
    """Reads the images it was told of, and nothing else; see :class:`rpa.ocr.api.OcrEngine`."""

    def __init__(self, texts: Mapping[bytes, str], *, confidence: float = 0.95) -> None:
        """Know the text of each image, by its pixels' bytes."""
        self._texts = dict(texts)
        self._confidence = confidence

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Return the words it was told, a hundred pixels apart; none for other images."""
        step = 100.0 if layout is Layout.LINE else 50.0
        return [
            tuple(
                Word(text, place * step, 0.0, place * step + 90.0, 40.0, self._confidence)
                for place, text in enumerate(self._texts.get(image.tobytes(), "").split())
            )
            for image in images
        ]


class TimedOutEngine:
    """Never answers in its time."""

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Fail as an engine that is too slow.

        Raises:
            ToolTimeoutError: Always.
        """
        raise ToolTimeoutError(f"{len(images)} images, layout: {layout}", code="test-timeout")
