"""A new process folder: every file there, each saying what goes into it."""

from pathlib import Path
from typing import Final

from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.processes.folder import BLANK_FILE, BOT_FILE, FORM_FILE, LETTER_FILE, PROCESS_FILE

PROCESS: Final = """\
name: {{fr: {name}, en: {name}}}
owner: À compléter
language: fr
stops: [decide, file, compose, sign, archive]   # leave out file, compose or sign if not needed
filing: {{target: ancien-systeme}}                # a target of rpa.yaml
signature: {{by: organization, credential: sceau, level: B-T}}
keep_years: 3
"""
FORM: Final = """\
title: À compléter                # words printed at the top of the form
fields:
  - name: nom
    label: {fr: Nom, en: Last name}
    kind: name   # text name date integer amount postal-code phone sin email checkbox
    zone: {x0: 72, y0: 144, x1: 300, y1: 164}   # points (1/72 in) from the page's top left corner
"""
BOT: Final = """\
login:
  - goto: "{url}"
file:
  - fill: {label: Nom, value: "{nom}"}
  - click: {role: button, name: Enregistrer}
    commits: true
  - receipt: {selector: "#recu", pattern: "[A-Z]+-[0-9]+"}
"""
LETTER: Final = """\
<!doctype html>
<html lang="fr">
<title>Accusé de réception</title>
<p>Dossier {{ case_id }}</p>
<p>Nous avons bien reçu la demande de {{ f.nom }}.</p>
</html>
"""


def scaffold(folder: Path, blank: Path) -> list[Path]:
    """Write a process folder around the blank form and return its files.

    Raises:
        SetupError: The folder exists already, or the blank can't be read.
    """
    try:
        form = blank.read_bytes()
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise SetupError(_("{folder} exists already.", folder=folder)) from error
    except OSError as error:
        raise SetupError(
            _("{file} cannot be used: {cause}.", file=error.filename, cause=error.strerror)
        ) from error
    name = folder.name.replace("-", " ").capitalize()
    (folder / BLANK_FILE).write_bytes(form)
    texts = {
        PROCESS_FILE: PROCESS.format(name=name),
        FORM_FILE: FORM,
        BOT_FILE: BOT,
        LETTER_FILE: LETTER,
    }
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())
