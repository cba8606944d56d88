from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.tabling import rows_joined
from rpa.testing.recordings import event


def cell(row, column, *ways, view=""):
    field = f"lignes.{row}.{column}"
    return Draft(
        "fill", event("fill"), ways=ways, body={"value": f"{{{field}{view}}}"}, field_name=field
    )


def test_the_cells_of_one_row_are_the_steps_of_every_row():
    (step,) = rows_joined(
        [
            cell(1, "texte", {"name": "LDESC1"}),
            cell(1, "prix", {"row": "1", "column": "Prix"}, {"name": "M1"}, view=".comma"),
        ]
    )

    assert step.verb == "rows"
    assert step.body == {"table": "lignes"}
    texts = [inner.said() for inner in step.steps]
    assert texts[0] == {"name": "LDESC{row}", "value": "{row.texte}"}
    assert texts[1] == {
        "row": "{row}", "column": "Prix", "value": "{row.prix.comma}", "or": [{"name": "M{row}"}],
    }  # fmt: skip


def test_a_page_that_counts_rows_from_nought_is_told_so():
    (step,) = rows_joined([cell(1, "texte", {"id": "grid_0_text"})])

    assert step.steps[0].ways == ({"id": "grid_{row0}_text"},)


def test_a_way_that_the_second_row_contradicts_is_left_out():
    (step,) = rows_joined(
        [
            cell(1, "texte", {"label": "Ligne 1"}, {"name": "T1"}),
            cell(2, "texte", {"label": "Deuxième"}, {"name": "T2"}),
        ]
    )

    assert step.steps[0].ways == ({"name": "T{row}"},)


def test_rows_that_nothing_tells_apart_stay_as_they_were_typed():
    steps = rows_joined([cell(1, "texte", {"selector": "td > input"})])

    assert [step.verb for step in steps] == ["fill"]
    assert steps[0].notes


def test_a_date_in_three_lists_is_a_cell_as_well():
    parts = {part: {"name": f"{part}3"} for part in ("day", "month", "year")}
    told = Draft(
        "date", event("select"), body={"value": "{lignes.3.jour}", **parts},
        field_name="lignes.3.jour",
    )  # fmt: skip

    (step,) = rows_joined([told])

    assert step.steps[0].body["day"] == {"name": "day{row}"}
    assert step.steps[0].body["value"] == "{row.jour}"


def test_fields_outside_a_table_stay_where_they_are():
    alone = Draft("fill", event("fill"), field_name="nom")

    assert rows_joined([alone]) == [alone]
