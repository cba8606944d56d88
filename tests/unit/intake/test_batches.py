"""Pages made into parts: every page is in exactly one of them."""

import pytest

from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.errors import DocumentRefusedError
from rpa.domain.pages import Mark, Sheet
from rpa.intake.batches import Part, parts_of, reading_order

T = Sheet(is_blank=False, marks=(Mark("patch", "T"),))
CODE = Sheet(is_blank=False, marks=(Mark("code-39", "PATCHT"),))
FIRST = Sheet(is_blank=False, marks=(Mark("qr-code", "ASN00123"),))
TEXT = Sheet(is_blank=False)
BLANK = Sheet(is_blank=True)
SPLIT = SplitRule()


def split(*sheets, blank=BlankPages.SET_ASIDE, duplex=Duplex.NONE, **rule):
    chosen = BatchRule(split=SplitRule(**rule), blank_pages=blank, duplex=duplex)
    return parts_of(sheets, chosen)


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        (0, ()),
        (1, (1,)),
        (2, (1, 2)),
        (3, (1, 3, 2)),
        (5, (1, 5, 2, 4, 3)),
        (6, (1, 6, 2, 5, 3, 4)),
    ],
)
def test_fronts_and_backs_are_put_in_turn(pages, order):
    assert reading_order(pages, Duplex.ONE_FILE) == order
    assert reading_order(pages, Duplex.NONE) == tuple(range(1, pages + 1))


def test_a_separator_ends_one_part_and_begins_the_next():
    assert split(TEXT, TEXT, T, TEXT) == (Part((1, 2)), Part((4,), separators=(3,)))


def test_separators_one_after_the_other_are_one():
    assert split(T, CODE, TEXT, T, T, TEXT, T) == (
        Part((3,), separators=(1, 2)),
        Part((6,), separators=(4, 5, 7)),
    )


def test_other_patch_codes_and_texts_separate_only_where_the_rule_says_so():
    three = Sheet(is_blank=False, marks=(Mark("patch", "3"),))
    tag = Sheet(is_blank=False, marks=(Mark("qr-code", "TAG:facture"),))

    assert len(split(TEXT, three, TEXT, tag, TEXT)) == 1
    assert len(split(TEXT, three, TEXT, tag, TEXT, patch_codes=("3",), sheets=("TAG:*",))) == 3


def test_what_is_printed_on_a_page_may_begin_a_document():
    rule = BatchRule(split=SplitRule(by_form=True), blank_pages=BlankPages.SET_ASIDE)

    parts = parts_of((TEXT, BLANK, TEXT, TEXT, T, TEXT), rule, first_pages=frozenset({3, 6}))

    assert parts == (
        Part((1,), blank_pages=(2,)),
        Part((3, 4)),
        Part((6,), separators=(5,)),
    )


def test_a_first_page_belongs_to_its_document():
    parts = split(FIRST, TEXT, FIRST, FIRST, first_pages=("ASN*",))

    assert parts == (Part((1, 2)), Part((3,)), Part((4,)))


def test_blank_pages_are_set_aside_and_listed_where_they_lie():
    assert split(BLANK, T, BLANK, TEXT, BLANK, TEXT, T, BLANK) == (
        Part((4, 6), blank_pages=(1, 3, 5, 8), separators=(2, 7)),
    )
    assert split(TEXT, BLANK, T, TEXT) == (
        Part((1,), blank_pages=(2,)),
        Part((4,), separators=(3,)),
    )


def test_blank_pages_are_pages_unless_the_rule_says_otherwise():
    assert split(TEXT, BLANK, T, BLANK, blank=BlankPages.KEEP) == (
        Part((1, 2)),
        Part((4,), separators=(3,)),
    )


def test_documents_of_a_fixed_number_of_pages():
    assert split(TEXT, TEXT, TEXT, BLANK, T, TEXT, TEXT, every=2) == (
        Part((1, 2)),
        Part((3,), blank_pages=(4,)),
        Part((6, 7), separators=(5,)),
    )


def test_a_page_too_many_or_too_few_refuses_the_pile_rather_than_shift_it():
    with pytest.raises(DocumentRefusedError) as refused:
        split(TEXT, TEXT, TEXT, every=2)

    assert refused.value.reason == "page-count"


@pytest.mark.parametrize("sheets", [(T,), (BLANK,), (T, BLANK, T), (BLANK, T, BLANK), ()])
def test_a_pile_without_a_page_is_refused(sheets):
    with pytest.raises(DocumentRefusedError) as refused:
        split(*sheets)

    assert refused.value.reason == "all-blank"


def test_a_pile_scanned_side_by_side_is_split_in_reading_order():
    """Fronts: text, separator, text; backs from the last: blank, blank, text."""
    assert split(TEXT, T, TEXT, BLANK, BLANK, TEXT, duplex=Duplex.ONE_FILE) == (
        Part((1, 6)),
        Part((3,), blank_pages=(5, 4), separators=(2,)),
    )


@pytest.mark.parametrize("seed", range(30))
def test_no_page_is_lost_or_doubled(seed):
    kinds = (T, CODE, TEXT, BLANK, FIRST)
    sheets = [kinds[(seed * 7 + at * at * (seed % 5 + 1)) % 5] for at in range(13)] + [TEXT]

    parts = split(*sheets, first_pages=("ASN*",))

    told = [n for part in parts for n in (*part.pages, *part.blank_pages, *part.separators)]
    assert sorted(told) == list(range(1, 15))
    assert all(part.pages for part in parts)
    read = [number for part in parts for number in part.pages]
    assert read == sorted(read)


def test_a_part_that_is_the_whole_document_says_so():
    assert Part((1, 2)).is_whole
    assert not Part((2, 1)).is_whole
    assert not Part((1,), blank_pages=(2,)).is_whole
    assert parts_of([TEXT], BatchRule()) == (Part((1,)),)
