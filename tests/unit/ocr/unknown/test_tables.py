from rpa.domain.geometry import Box
from rpa.ocr.unknown.segments import rows_of, segments_of, upright
from rpa.ocr.unknown.tables import Rules, aligned_tables, ruled_tables
from rpa.testing.typed_words import page_text

GOODS = (
    (100, 100, "Description"), (400, 100, "Quantité"), (600, 100, "Prix"),
    (100, 130, "Papier"), (400, 130, "12"), (600, 130, "4,50"),
    (100, 160, "Crayons de plomb"), (420, 160, "3"), (590, 160, "12,00"),
)  # fmt: skip


def aligned(*texts):
    rows = rows_of(upright(page_text(*texts)))
    return aligned_tables(segments_of(rows, at_colons=False))


def texts_of(table):
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def test_rows_that_repeat_a_head_s_columns_are_a_table():
    [table] = aligned(*GOODS)

    assert texts_of(table) == [
        ["Description", "Quantité", "Prix"],
        ["Papier", "12", "4,50"],
        ["Crayons de plomb", "3", "12,00"],
    ]
    assert not table.is_ruled
    assert (table.box.x0, table.box.y0, table.box.y1) == (100, 100, 180)


def test_a_cell_may_be_empty_and_a_row_of_one_cell_may_stand_between():
    [table] = aligned(*GOODS, (100, 190, "Fournitures"), (100, 220, "Encre"), (600, 220, "9,00"))

    assert texts_of(table)[-2:] == [["Fournitures", None, None], ["Encre", None, "9,00"]]


def test_what_follows_a_table_in_one_column_only_is_not_of_it():
    [table] = aligned(*GOODS, (100, 190, "Merci"))
    assert len(table.rows) == 3


def test_a_row_far_below_and_a_row_across_columns_are_not_of_the_table():
    far = aligned(*GOODS, (100, 300, "Encre"), (600, 300, "9,00"))
    across = aligned(*GOODS, (100, 190, "x"), (300, 190, "a b c d e f g h i j k l m n o p"))

    assert [len(table.rows) for table in (*far, *across)] == [3, 3]


def test_two_columns_and_running_text_are_no_table():
    assert (
        aligned((100, 100, "Nom"), (400, 100, "Roy"), (100, 130, "Ville"), (400, 130, "Alma")) == []
    )
    assert aligned(*((100, 100 + 30 * n, "Une phrase comme une autre") for n in range(6))) == []
    assert aligned() == []


def grid(xs, ys):
    return Rules(
        level=tuple(Box(x0=xs[0], y0=y, x1=xs[-1], y1=y + 2) for y in ys),
        upright=tuple(Box(x0=x, y0=ys[0], x1=x + 2, y1=ys[-1]) for x in xs),
    )


def ruled(texts, rules):
    return ruled_tables(upright(page_text(*texts)), rules)


def test_lines_part_cells():
    rules = grid([90, 390, 580, 700], [90, 125, 155, 185])
    [table] = ruled(GOODS, rules)

    assert texts_of(table)[2] == ["Crayons de plomb", "3", "12,00"]
    assert table.is_ruled


def test_a_cell_of_two_rows_is_one_cell():
    texts = [(100, 100, "Nom"), (100, 125, "Prénom"), (400, 100, "Date"), (100, 170, "Roy")]
    [table] = ruled(texts, grid([90, 390, 600], [90, 150, 200]))

    assert texts_of(table) == [["Nom Prénom", "Date"], ["Roy", None]]


def test_two_grids_apart_are_two_tables():
    above, below = grid([90, 300, 500], [90, 125, 160]), grid([90, 200, 500], [600, 640, 680])
    rules = Rules(above.level + below.level, above.upright + below.upright)
    texts = [(100, 100, "a"), (320, 130, "b"), (100, 610, "c"), (320, 650, "d")]

    one, other = ruled(texts, rules)

    assert texts_of(one) == [["a", None], [None, "b"]]
    assert texts_of(other) == [["c", None], [None, "d"]]


def test_underlines_frames_and_empty_grids_are_no_tables():
    underlines = Rules(level=tuple(Box(x0=90, y0=y, x1=500, y1=y + 2) for y in (100, 200, 300)))
    assert ruled(GOODS, underlines) == []
    assert ruled(GOODS, grid([80, 800], [80, 400])) == []
    assert ruled((), grid([90, 390, 580], [90, 125, 155])) == []
    assert ruled(GOODS, Rules()) == []
