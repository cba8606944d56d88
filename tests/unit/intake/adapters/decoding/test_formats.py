"""Every kind and compression that is taken in, whole and cut short; what a fax's tags tell."""

import io
import struct
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from rpa.domain.pages import FaxFacts
from rpa.intake.adapters.decoding.from_image import read_image
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import PAGES, Work
from rpa.intake.adapters.decoding.raster import stretched
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.media import kind_of
from rpa.testing.hostile_images import fax_page
from rpa.testing.scans import IMAGES, TIFFS, image, page, saved, tiff

PAGE = np.asarray(page(dpi=100)).astype(int)
UPRIGHT = np.asarray(Image.linear_gradient("L").resize((60, 40)))
STORED = {
    1: UPRIGHT,
    2: UPRIGHT[:, ::-1],
    3: UPRIGHT[::-1, ::-1],
    4: UPRIGHT[::-1],
    5: UPRIGHT.T,
    6: np.rot90(UPRIGHT),
    7: UPRIGHT[::-1, ::-1].T,
    8: np.rot90(UPRIGHT, 3),
}
"""Rows as they are stored for each orientation tag (TIFF 6.0, section 8)."""


def read(content, **limits):
    answer = read_image(Work(content, kind_of(content), PAGES, DecodeLimits(**limits)))
    images = [Image.open(io.BytesIO(png)) for png in answer.pieces]
    return answer.record["pages"], images


def refused(content, **limits):
    with pytest.raises(Refusal) as no:
        read(content, **limits)
    return no.value.code


def tagged(drawn, tags, **how):
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, (kind, value) in tags.items():
        directory.tagtype[tag] = kind
        directory[tag] = value
    return saved(drawn, "TIFF", tiffinfo=directory, **how)


@pytest.mark.parametrize("name", TIFFS)
def test_each_compression_of_a_tiff_gives_the_page(name):
    [facts], [drawn] = read(tiff(name, dpi=100))

    assert (facts["width"], facts["dpi_x"], facts["dpi_y"]) == (850, 100, 100)
    assert facts["bilevel"] == (TIFFS[name][0] == "1")
    assert abs(np.asarray(drawn).astype(int) - PAGE).mean() < 1.5


@pytest.mark.parametrize("name", TIFFS)
def test_each_compression_cut_short_is_refused(name):
    content = tiff(name, dpi=100)

    assert refused(content[: len(content) * 2 // 3]) == "incomplete"


@pytest.mark.parametrize("kind", IMAGES)
def test_each_kind_of_image_gives_the_page(kind):
    content = image(kind, dpi=100)
    [facts], [drawn] = read(content)

    assert kind_of(content) == kind
    assert (facts["width"], facts["dpi_x"]) == (850, 100)
    assert abs(np.asarray(drawn).astype(int) - PAGE).mean() < 1


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_each_kind_of_image_cut_short_is_refused(kind, share):
    content = image(kind, dpi=100)

    assert refused(content[: int(len(content) * share)]) in {"incomplete", "damaged"}


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_is_refused_rather_than_cut_to_its_first(form):
    frames = [Image.new("L", (40, 40), grey) for grey in (0, 120, 255)]
    moving = saved(frames[0], form, save_all=True, append_images=frames[1:])

    assert refused(moving) == "animated"


@pytest.mark.skipif(find_spec("pi_heif") is None, reason="the extra `images` isn't installed")
def test_a_heic_is_read_and_one_cut_short_is_not(shared_data):
    content = (shared_data / "robust-scans" / "paperless-simple.heic").read_bytes()
    [facts], _images = read(content)

    assert (facts["width"], facts["height"]) == (1345, 447)
    for share in (0.5, 0.9, 0.999):
        assert refused(content[: int(len(content) * share)]) == "incomplete"


def old_jpeg_tiff(strip):
    """Dress a JPEG as TIFF 6.0, section 22, had it: compression 6, one interchange stream."""
    with Image.open(io.BytesIO(strip)) as inside:
        width, height = inside.size
    tags = [(256, width), (257, height), (258, 8), (259, 6), (262, 1), (273, 0), (277, 1),
            (278, height), (279, len(strip)), (513, 0), (514, len(strip))]  # fmt: skip
    after = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(
        struct.pack("<HHII", tag, 4, 1, after if tag in {273, 513} else value)
        for tag, value in tags
    )
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + bytes(4) + strip


def test_an_old_style_jpeg_in_a_tiff_is_read_and_a_spoiled_one_is_not():
    strip = image("jpeg", dpi=100)
    _facts, [drawn] = read(old_jpeg_tiff(strip))

    assert abs(np.asarray(drawn).astype(int) - PAGE).mean() < 1
    assert refused(old_jpeg_tiff(strip[:-3000] + bytes(3000))) == "damaged-page"


@pytest.mark.parametrize("options", [0, 1, 4])
def test_group_3_in_one_and_two_dimensions_and_with_fill_bits(options):
    content = tagged(fax_page(), {292: (4, options)}, compression="group3", dpi=(204, 98))
    [facts], _images = read(content)

    assert (facts["bilevel"], facts["dpi_y"]) == (True, 98)
    assert facts["pixels"] == read(saved(fax_page(), "TIFF"))[0][0]["pixels"]


def test_bits_in_the_other_order_and_black_for_0_make_no_difference():
    plain = read(saved(fax_page(), "TIFF", compression="group4"))[0][0]["pixels"]
    turned = tagged(fax_page(), {266: (3, 2)}, compression="group4")
    black = tagged(fax_page(), {262: (3, 1)}, compression="group4")
    raw = saved(fax_page(), "TIFF", compression="raw")

    assert [read(content)[0][0]["pixels"] for content in (turned, black, raw)] == [plain] * 3


@pytest.mark.parametrize("orientation", STORED)
def test_each_orientation_comes_out_upright(orientation):
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation]))
    content = tagged(stored, {274: (3, orientation)}, compression="raw")

    _facts, [drawn] = read(content)

    assert np.array_equal(np.asarray(drawn), UPRIGHT)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_each_mode_of_pixels_becomes_grey(mode):
    grey = page(dpi=100)
    drawn = (
        Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
        if mode == "I;16"
        else grey.convert(mode)
    )
    _facts, [back] = read(saved(drawn, "TIFF"))

    assert back.mode == "L"
    assert abs(np.asarray(back).astype(int) - PAGE).mean() < 1.5


def test_dots_to_the_centimetre_are_told_to_the_inch():
    content = tagged(
        fax_page(), {282: (5, 80.3), 283: (5, 38.5), 296: (3, 3)}, compression="group4"
    )
    [facts], _images = read(content)

    assert (round(facts["dpi_x"]), round(facts["dpi_y"])) == (204, 98)


@pytest.mark.parametrize(
    ("dpi", "size"),
    [((204, 98), (200, 208)), ((200, 100), (200, 200)), ((204, 391), (383, 100)),
     ((300, 300), (200, 100))],
)  # fmt: skip
def test_pixels_become_square_and_keep_their_ink(dpi, size):
    drawn = Image.new("1", (200, 100), 1)
    drawn.paste(0, (50, 20, 150, 70))
    _facts, [square] = read(saved(drawn, "TIFF", dpi=dpi))

    assert square.size == size
    ink = 1 - np.asarray(square).mean() / 255
    assert ink == pytest.approx(100 * 50 / (200 * 100), abs=0.002)


def test_each_new_pixel_is_the_mean_of_what_it_covers():
    rows = Image.fromarray(np.array([[0, 0], [90, 90], [255, 255]], np.uint8))

    assert np.asarray(stretched(rows, (2, 4)))[:, 0].tolist() == [0, 60, 145, 255]
    assert np.asarray(stretched(rows, (4, 6)))[:, 0].tolist() == [0, 0, 90, 90, 255, 255]


def test_what_the_fax_machine_wrote_is_kept_and_lowers_the_quality():
    tags = {
        326: (4, 22), 327: (3, 1), 328: (4, 5), 270: (2, "+1 418 555 0123"),
        306: (2, "2026:11:24 10:00:00"), 315: (2, "Clinique"),
    }  # fmt: skip
    content = tagged(fax_page(), tags, compression="group3", dpi=(204, 98))
    [facts], _images = read(content)

    assert FaxFacts(**facts["fax"]) == FaxFacts(
        bad_lines=22,
        consecutive_bad_lines=5,
        clean_data=1,
        sender="Clinique",
        sent_at="2026:11:24 10:00:00",
        description="+1 418 555 0123",
    )
    assert facts["quality"] == pytest.approx(1 - 10 * 22 / 1100)


def test_bad_lines_left_in_but_not_counted_lower_the_quality_too():
    [facts], _images = read(tagged(fax_page(), {327: (3, 2)}, compression="group3"))

    assert facts["quality"] == 0.5


def test_a_scan_has_no_fax_facts_and_full_quality():
    [facts], _images = read(tiff("lzw"))

    assert (facts["fax"], facts["quality"]) == (None, 1.0)
