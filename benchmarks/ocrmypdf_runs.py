"""OCRmyPDF, started as people start it, for comparison; and what it costs."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

COMMAND = (sys.executable, "-m", "ocrmypdf", "-l", "fra+eng", "--jobs", "1", "--quiet",
           "--output-type", "pdf")  # fmt: skip


def seconds_a_page(pages: Iterable[tuple[bytes, float]], options: Sequence[str] = ()) -> float:
    """Return CPU seconds a page, for images (PNG or TIFF) each with its resolution."""
    before, count = _children(), 0
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in"), Path(folder, "out.pdf")
        for content, dpi in pages:
            source.write_bytes(content)
            resolution = ("--image-dpi", str(round(dpi)))
            command = [*COMMAND, *resolution, *options, str(source), str(target)]
            subprocess.run(command, check=False)
            count += 1
    return (_children() - before) / max(1, count)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
