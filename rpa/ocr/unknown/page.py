"""Everything that is told of a page of an unknown form."""

from collections.abc import Sequence

from rpa.ocr.api import PageText
from rpa.ocr.unknown.anchors import Anchors, findings
from rpa.ocr.unknown.documents import document_of
from rpa.ocr.unknown.found import DocumentKind, Finding, Table, Understood
from rpa.ocr.unknown.letters import LetterRules, letter_findings
from rpa.ocr.unknown.pairs import pairs_of
from rpa.ocr.unknown.segments import Segment, Token, rows_of, segments_of, upright
from rpa.ocr.unknown.tables import Rules, aligned_tables, ruled_tables


def understood(
    page: PageText,
    rules: Rules,
    *,
    invoices: Anchors,
    letters: LetterRules,
    before: DocumentKind | None = None,
) -> Understood:
    """Return what a page is, and its pairs, tables and findings.

    ``before`` is what the page before it is. ``rules`` are the lines drawn on the page as it
    lies upright; where they make a table, words that merely stand in columns inside it are not
    told as another.
    """
    tokens = upright(page)
    rows = rows_of(tokens)
    lines = segments_of(rows, at_colons=False)
    pairs = pairs_of(segments_of(rows))
    texts = [line.text for line in lines]
    texts += [" ".join(token.text for token in row) for row in rows]
    document = document_of(
        texts, letter=letters.marks, invoice=invoices.told_by, pairs=len(pairs), before=before
    )
    return Understood(
        document=document,
        pairs=tuple(pairs),
        tables=tuple(_tables(tokens, lines, rules)),
        findings=tuple(_findings(document, rows, invoices, letters)),
    )


def _findings(
    document: DocumentKind | None,
    rows: Sequence[Sequence[Token]],
    invoices: Anchors,
    letters: LetterRules,
) -> list[Finding]:
    """Return what the anchors of this kind of document find; of a form, what words ask for."""
    match document:
        case DocumentKind.LETTER:
            return letter_findings(rows, letters)
        case DocumentKind.INVOICE:
            return findings(rows, invoices)
        case DocumentKind.FORM:
            return [found for found in findings(rows, invoices) if found.anchor]
        case None:
            return []


def _tables(tokens: Sequence[Token], lines: Sequence[Segment], rules: Rules) -> list[Table]:
    ruled = ruled_tables(tokens, rules)
    inside = [
        table
        for table in aligned_tables(lines)
        if not any(
            one.box.holds((table.box.x0 + table.box.x1) / 2, (table.box.y0 + table.box.y1) / 2)
            for one in ruled
        )
    ]
    return [*ruled, *inside]
