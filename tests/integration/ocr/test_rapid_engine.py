"""RapidOCR by ONNX Runtime and by OpenVINO: the same reading, and nothing told to anyone."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.api import Grey, Layout

needs_openvino = pytest.mark.skipif(
    find_spec("openvino") is None, reason="OpenVINO is not made for this machine"
)

LOOK = """
import sys
from rpa.ocr.adapters.rapid_engine import RapidEngine
RapidEngine(quicker=True)
assert "openvino" in sys.modules
assert sys.modules["openvino_telemetry"] is None
"""


def line(text: str) -> Grey:
    """Return a printed line."""
    image = np.full((60, 40 + 24 * len(text)), 255, np.uint8)
    cv2.putText(image, text, (14, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 0, 2, cv2.LINE_AA)
    return image


@needs_openvino
@pytest.mark.parametrize("text", ["Trois-Rivieres", "418 643-1234", "A", "1035 rue Principale"])
def test_both_runtimes_read_the_same(text: str) -> None:
    """A line filled up to a round width keeps its words where they are."""
    (quick,) = RapidEngine(quicker=True).recognize([line(text)], layout=Layout.LINE)
    (slow,) = RapidEngine(quicker=False).recognize([line(text)], layout=Layout.LINE)
    assert " ".join(word.text for word in quick) == text
    assert [word.text for word in quick] == [word.text for word in slow]
    for one, other in zip(quick, slow, strict=True):
        assert one.x0 == pytest.approx(other.x0, abs=12)
        assert one.x1 == pytest.approx(other.x1, abs=12)
        assert one.confidence == pytest.approx(other.confidence, abs=0.05)


@needs_openvino
def test_openvino_tells_nobody_that_it_is_used(tmp_path: Path) -> None:
    """Its statistics would go out at import, and leave a file in the home folder."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        check=False,
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
