"""Bare JPEG and Group 4 data dressed as a TIFF of one strip, so that libtiff can judge it.

Pillow mutes libjpeg and PDFium paints what it could decode: both show a picture cut in half as if
the rest had been white or grey.
"""

import io
import struct
from collections.abc import Sequence
from typing import Any, Final

from PIL import Image, JpegImagePlugin

from rpa.intake.adapters.decoding.libtiff import Libtiff

_SHORT: Final = 3
_LONG: Final = 4
_STRIP_OFFSET: Final = 273
_BITS: Final = 258
_PHOTOMETRIC: Final = {1: 1, 3: 6, 4: 5}  # grey, YCbCr, CMYK

Tag = tuple[int, int, Sequence[int]]


def jpeg_is_whole(content: bytes, judge: Libtiff) -> bool:
    """Say whether libjpeg decodes ``content`` without missing or spoiled data.

    Raises:
        OSError: The header itself cannot be read.
    """
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        if not isinstance(image, JpegImagePlugin.JpegImageFile):
            return False
        dressed = _dressed_jpeg(content, image)
    return dressed is None or not judge.damage(dressed, 0).complaints


def group4_is_whole(content: bytes, columns: int, rows: int, judge: Libtiff) -> bool:
    """Say whether ``content`` holds all ``rows`` of a Group 4 image (ITU-T T.6)."""
    tags: list[Tag] = [(_BITS, _SHORT, [1]), (259, _SHORT, [4]), (262, _SHORT, [0])]
    dressed = _dressed(content, (columns, rows), tags)
    report = judge.damage(dressed, 0, row_bytes=(columns + 7) // 8)
    return not (report.complaints or report.missing_rows)


def _dressed_jpeg(content: bytes, image: Any) -> bytes | None:
    layers: list[tuple[int, ...]] = image.layer
    if len(layers) not in _PHOTOMETRIC:
        return None
    across, down = max(layer[1] for layer in layers), max(layer[2] for layer in layers)
    tags: list[Tag] = [
        (_BITS, _SHORT, [8] * len(layers)),
        (259, _SHORT, [7]),
        (262, _SHORT, [_PHOTOMETRIC[len(layers)]]),
        (277, _SHORT, [len(layers)]),
    ]
    if len(layers) == 3:
        tags.append((530, _SHORT, [across, down]))
    return _dressed(content, image.size, tags)


def _dressed(strip: bytes, size: tuple[int, int], more: list[Tag]) -> bytes:
    width, height = size
    tags: list[Tag] = [
        (256, _LONG, [width]), (257, _LONG, [height]), (_STRIP_OFFSET, _LONG, [0]),
        (278, _LONG, [height]), (279, _LONG, [len(strip)]), *more,
    ]  # fmt: skip
    tags.sort()
    after = 8 + 2 + 12 * len(tags) + 4
    bits = struct.pack("<4H", 8, 8, 8, 8)
    tags[[tag for tag, _kind, _values in tags].index(_STRIP_OFFSET)] = (
        _STRIP_OFFSET, _LONG, [after + len(bits)],
    )  # fmt: skip
    entries = b"".join(_entry(tag, bits_at=after) for tag in tags)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    return head + entries + bytes(4) + bits + strip


def _entry(tag: Tag, *, bits_at: int) -> bytes:
    """Write one directory entry; only the bits of more than two samples do not fit inside it."""
    number, kind, values = tag
    form = {_SHORT: "H", _LONG: "I"}[kind]
    inline = struct.pack(f"<{len(values)}{form}", *values)
    place = inline.ljust(4, b"\0") if len(inline) <= 4 else struct.pack("<I", bits_at)
    return struct.pack("<HHI", number, kind, len(values)) + place
