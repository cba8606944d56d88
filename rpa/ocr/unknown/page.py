"""Everything that is told of a page of an unknown form."""

from rpa.ocr.api import PageText
from rpa.ocr.unknown.anchors import Anchors, findings
from rpa.ocr.unknown.found import Understood
from rpa.ocr.unknown.pairs import pairs_of
from rpa.ocr.unknown.segments import rows_of, segments_of, upright
from rpa.ocr.unknown.tables import Rules, aligned_tables, ruled_tables


def understood(page: PageText, rules: Rules, anchors: Anchors) -> Understood:
    """Return a page's pairs, tables and findings.

    ``rules`` are the lines drawn on the page as it lies upright; where they make a table, words
    that merely stand in columns inside it are not told as another.
    """
    tokens = upright(page)
    rows = rows_of(tokens)
    ruled = ruled_tables(tokens, rules)
    inside = [
        table
        for table in aligned_tables(segments_of(rows, at_colons=False))
        if not any(
            one.box.holds((table.box.x0 + table.box.x1) / 2, (table.box.y0 + table.box.y1) / 2)
            for one in ruled
        )
    ]
    return Understood(
        pairs=tuple(pairs_of(segments_of(rows))),
        tables=(*ruled, *inside),
        findings=tuple(findings(rows, anchors)),
    )
