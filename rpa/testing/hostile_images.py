"""Images that are broken, cut short or built to hurt whoever opens them."""

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageDraw

_LONG: Final = 4
WIDTH: Final = 256
LENGTH: Final = 257
BITS: Final = 258
COMPRESSION: Final = 259
PHOTOMETRIC: Final = 262
OFFSETS: Final = 273
ROWS: Final = 278
COUNTS: Final = 279


def fax_page(width: int = 1728, height: int = 1100) -> Image.Image:
    """Draw a page as a fax has it: one bit a pixel, lines of blocks like words."""
    page = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(page)
    for line, top in enumerate(range(80, height - 80, 40)):
        for word, left in enumerate(range(120, width - 200, 110)):
            pen.rectangle((left, top, left + 40 + 13 * ((line + word) % 5), top + 18), fill=0)
    return page


def fax_tiff(pages: int = 1, *, compression: str = "group4") -> bytes:
    """Return a whole fax of so many pages, 204 by 98 dots to the inch."""
    out = io.BytesIO()
    drawn = [fax_page() for _page in range(pages)]
    drawn[0].save(
        out, "TIFF", compression=compression, dpi=(204, 98), save_all=True, append_images=drawn[1:]
    )
    return out.getvalue()


def bare_tiff(tags: Mapping[int, int], data: bytes = b"", *, next_at: int = 0) -> bytes:
    """Return a TIFF of one directory with just these tags, its data after the directory."""
    entries = b"".join(
        struct.pack("<HHII", tag, _LONG, 1, value) for tag, value in sorted(tags.items())
    )
    head = struct.pack("<2sHI", b"II", 42, 8)
    return head + struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_at) + data


def tiff_with(data: bytes, *, width: int = 64, height: int = 64, **other: int) -> bytes:
    """Return a bilevel TIFF of one strip; ``other`` replaces what its tags say."""
    said = {"compression": 1, "offset": 0, "count": len(data), "next_at": 0, **other}
    tags = {
        WIDTH: width, LENGTH: height, BITS: 1, COMPRESSION: said["compression"], PHOTOMETRIC: 0,
        OFFSETS: said["offset"], ROWS: height, COUNTS: said["count"],
    }  # fmt: skip
    after = 8 + 2 + 12 * len(tags) + 4
    tags[OFFSETS] = said["offset"] or after
    return bare_tiff(tags, data, next_at=said["next_at"])


def tiff_of_many_pages(pages: int) -> bytes:
    """Return a TIFF of so many tiny pages."""
    tags = {WIDTH: 8, LENGTH: 8, BITS: 1, COMPRESSION: 1, PHOTOMETRIC: 0, ROWS: 8, COUNTS: 8}
    size = 2 + 12 * (len(tags) + 1) + 4
    chain = b"".join(_directory(tags, 8 + size * number, size, pages) for number in range(pages))
    return struct.pack("<2sHI", b"II", 42, 8) + chain + bytes(8)


def _directory(tags: Mapping[int, int], at: int, size: int, pages: int) -> bytes:
    end = 8 + size * pages
    full = {**tags, OFFSETS: end}
    following = at + size if at + size < end else 0
    return bare_tiff(full, next_at=following)[8:]


def tiff_whose_second_page_is_garbage() -> bytes:
    """Return a two-page fax whose second page's strip is noise."""
    whole = bytearray(fax_tiff(2))
    with Image.open(io.BytesIO(bytes(whole))) as image:
        image.seek(1)
        directory = image.tag_v2  # type: ignore[attr-defined]
        start, count = directory[OFFSETS][0], directory[COUNTS][0]
    whole[start : start + count] = noise(count)
    return bytes(whole)


def noise(size: int) -> bytes:
    """Return the same bytes without pattern each time."""
    state, out = 2463534242, bytearray()
    while len(out) < size:
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        out += state.to_bytes(4, "big")
    return bytes(out[:size])


def png_chunk(kind: bytes, data: bytes, *, crc: int | None = None) -> bytes:
    """Return one PNG chunk, with the right checksum unless another is given."""
    right = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", right)


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a grey PNG whose header says this size, whatever its chunks hold."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def good_png() -> bytes:
    """Return a small whole PNG."""
    rows = zlib.compress(bytes(101 * 100))
    return png_of(100, 100, png_chunk(b"IDAT", rows))


def zeros_deflated(megabytes: int) -> bytes:
    """Return so many megabytes of zeros, deflated about a thousandfold."""
    return repeated_deflated(0, megabytes)


def repeated_deflated(byte: int, megabytes: int) -> bytes:
    """Return so many megabytes of one byte, deflated about a thousandfold (RFC 1950, 1951).

    One megabyte's block is repeated: packing them all would take seconds.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes([byte]) * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    count = megabytes * 1_000_000
    low, high = 1 + count * byte, count + byte * count * (count + 1) // 2
    checksum = high % 65_521 << 16 | low % 65_521
    return b"\x78\xda" + block * megabytes + b"\x03\0" + struct.pack(">I", checksum)


def good_jpeg() -> bytes:
    """Return a small whole JPEG."""
    out = io.BytesIO()
    fax_page(800, 600).convert("L").save(out, "JPEG", dpi=(200, 200))
    return out.getvalue()


def jpeg_that_says(width: int, height: int) -> bytes:
    """Return a JPEG whose frame header says this size."""
    whole = bytearray(good_jpeg())
    frame = whole.index(b"\xff\xc0")
    whole[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(whole)
