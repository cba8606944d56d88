"""Reading images, in this process."""

import io

import pytest
from PIL import Image

from rpa.intake.adapters.decoding.from_image import read_image
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import INSPECT, PAGES, Work
from rpa.intake.adapters.decoding.raster import grey
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.adapters.decoding.resolution import Resolution, told_resolution
from rpa.intake.media import kind_of
from rpa.testing.hostile_images import fax_page, fax_tiff, tiff_whose_second_page_is_garbage


def saved(image, form, **how):
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def read(content, *, wants_pixels=True, **limits):
    answer = read_image(
        Work(content, kind_of(content), PAGES if wants_pixels else INSPECT, DecodeLimits(**limits))
    )
    images = [Image.open(io.BytesIO(png)) for png in answer.pieces]
    return answer.record, images


def pixels(content):
    return read(content)[0]["pages"][0]["pixels"]


def test_a_fax_of_two_resolutions_becomes_square_grey_pixels():
    record, images = read(fax_tiff(2))

    assert [page["dpi_y"] for page in record["pages"]] == [98, 98]
    assert record["images"] == [{"dpi": 204.0, "bilevel": True}] * 2
    assert [image.size for image in images] == [(1728, round(1100 * 204 / 98))] * 2
    assert {image.mode for image in images} == {"L"}


def test_an_inspection_draws_nothing_and_says_the_same():
    record, images = read(fax_tiff(2), wants_pixels=False)

    assert images == []
    assert record["pages"] == read(fax_tiff(2))[0]["pages"]


def test_the_same_fax_in_other_bytes_has_the_same_pixels_digest():
    contents = [fax_tiff(compression=name) for name in ("group4", "group3", "tiff_lzw", "raw")]

    assert len(set(contents)) == 4
    assert len({pixels(content) for content in contents}) == 1


def test_another_page_has_another_pixels_digest():
    one, two = saved(fax_page(), "PNG"), saved(fax_page(height=1099), "PNG")

    assert pixels(one) != pixels(two)


@pytest.mark.parametrize(
    ("said", "size", "told"),
    [
        (Resolution(), (1728, 1146), Resolution(204, 98)),
        (Resolution(), (1728, 2292), Resolution(204, 196)),
        (Resolution(), (1728, 4400), Resolution(204, 391)),
        (Resolution(72, 72), (1728, 2292), Resolution(204, 196)),
        (Resolution(1, 1), (1728, 1146), Resolution(204, 98)),
        (Resolution(204, 98), (1728, 2292), Resolution(204, 98)),
        (Resolution(300, 300), (2550, 3300), Resolution(300, 300)),
        (Resolution(), (2550, 3300), Resolution(300, 300)),
        (Resolution(1, 1), (4200, 2550), Resolution(300, 300)),
        (Resolution(72, 72), (3024, 4032), Resolution()),
        (Resolution(300, 30000), (2550, 3000), Resolution()),
    ],
)
def test_a_resolution_that_cannot_be_true_is_told_by_the_size_of_the_page(said, size, told):
    assert told_resolution(said, *size, is_bilevel=True) == told


def test_a_grey_picture_as_wide_as_a_fax_is_no_fax():
    assert told_resolution(Resolution(), 1728, 2292, is_bilevel=False) == Resolution()


@pytest.mark.parametrize("form", ["TIFF", "JPEG"])
def test_a_page_lying_on_its_side_is_set_upright_with_its_resolutions(form):
    page = fax_page(800, 600).convert("L")
    exif = Image.Exif()
    exif[274] = 6
    _record, [upright] = read(saved(page, form, exif=exif, dpi=(200, 100)))

    assert upright.size == (600 * 2, 800)


def test_transparency_is_paper():
    drawn = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    drawn.putpixel((1, 1), (0, 0, 0, 255))

    assert sorted(grey(drawn).tobytes()) == [0] + [255] * 15


def test_sixteen_bits_are_narrowed_not_clipped():
    deep = Image.new("I;16", (2, 1))
    deep.putpixel((0, 0), 65535)
    deep.putpixel((1, 0), 32768)

    assert list(grey(deep).tobytes()) == [255, 127]


def test_the_damaged_page_is_named():
    with pytest.raises(Refusal) as refused:
        read(tiff_whose_second_page_is_garbage())

    assert (refused.value.code, refused.value.arguments) == ("damaged-page", {"page": 2})


def test_a_group_4_page_that_ends_too_soon_is_never_taken_for_a_white_rest():
    whole = bytearray(fax_tiff())
    with Image.open(io.BytesIO(bytes(whole))) as image:
        start, count = image.tag_v2[273][1], image.tag_v2[279][1]
    middle = start + count // 2
    whole[middle : start + count] = bytes(start + count - middle)

    with pytest.raises(Refusal) as refused:
        read(bytes(whole))

    assert refused.value.code == "damaged-page"


def test_a_few_noisy_lines_of_a_group_3_fax_are_no_damage():
    whole = bytearray(fax_tiff(compression="group3"))
    with Image.open(io.BytesIO(bytes(whole))) as image:
        start, count = image.tag_v2[273][1], image.tag_v2[279][1]
    middle = start + count // 2
    whole[middle : middle + 6] = bytes(6)

    assert 0.9 < read(bytes(whole))[0]["pages"][0]["quality"] < 1


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"max_pages": 1}, "too-many-pages"), ({"max_pixels": 1000}, "page-too-large")],
)
def test_a_document_beyond_a_limit_is_refused(limits, code):
    with pytest.raises(Refusal) as refused:
        read(fax_tiff(2), **limits)

    assert refused.value.code == code


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_whole_jpeg_is_read_and_one_cut_and_closed_is_not(mode, how):
    whole = saved(fax_page(640, 480).convert(mode), "JPEG", **how)
    assert len(read(whole)[0]["pages"]) == 1

    with pytest.raises(Refusal) as refused:
        read(whole[: len(whole) // 2] + b"\xff\xd9")

    assert refused.value.code == "damaged"
