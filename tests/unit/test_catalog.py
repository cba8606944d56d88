from babel.messages.pofile import read_po

from rpa.catalog import read_catalog
from rpa.i18n import LOCALE_FOLDER

FRENCH = LOCALE_FOLDER / "fr" / "LC_MESSAGES" / "rpa.po"


def test_our_catalogue_reads_as_babel_reads_it():
    with FRENCH.open("rb") as source:
        entries = [one for one in read_po(source, locale="fr") if one.id and one.string]

    assert read_catalog(FRENCH) == {one.id: one.string for one in entries if not one.fuzzy}


def test_parts_escapes_and_doubtful_messages_are_read_as_gettext_means_them(tmp_path):
    path = tmp_path / "x.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'
        '# said by hand\nmsgid "one"\nmsgstr ""\n"un, "\n"« \\"uno\\" »\\n\\\\"\n\n'
        '#, fuzzy\nmsgid "two"\nmsgstr "deux"\n\n'
        'msgid "three"\nmsgstr ""\n\n'
        '#~ msgid "four"\n#~ msgstr "quatre"\n',
        encoding="utf-8",
    )

    assert read_catalog(path) == {"one": 'un, « "uno" »\n\\'}
