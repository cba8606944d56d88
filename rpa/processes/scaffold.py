"""A new process folder: every file there, each saying what goes into it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml

from rpa.domain.errors import DefinitionError, SetupError
from rpa.domain.form import FormDefinition
from rpa.i18n import _
from rpa.processes.folder import BLANK_FILE, BOT_FILE, FORM_FILE, LETTER_FILE, PROCESS_FILE

PDF: Final = b"%PDF-"
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
    kind: name   # docs/reading.md lists every kind: text, date, amount, sin, nam, ...
    zone: {x0: 72, y0: 144, x1: 300, y1: 164}   # points (1/72 in) from the page's top left corner
"""
BOT: Final = """\
# The steps in the legacy application, as a person does them. docs/bots.md lists every verb.
login:
  - goto: "{url}/"
  - fill: {label: Utilisateur, value: "{username}"}
  - fill: {label: Mot de passe, value: "{password}"}
  - click: {button: Entrer}

logged_out: {text: Veuillez vous identifier}     # how an expired session looks
error: {selector: .erreur}                       # where the application says what it refuses

file:
  - fill: {label: Référence, value: "{key}"}     # by this it is found again
  - fill: {label: À compléter, value: "{FIELD}"}
  - click: {button: Enregistrer, commits: true}  # the one step that files
  - receipt: {selector: "#recu", pattern: '[A-Z]+-[0-9]+'}

find:                                            # never changes anything there
  - fill: {label: Référence, value: "{key}"}
  - click: {button: Rechercher}
  - expect: {text: Résultat}
  - hits: {rows: table tr, reference: td.reference, number: td.numero}
"""
LETTER: Final = """\
{% extends "rpa/letter.html" %}
{% block title %}Accusé de réception{% endblock %}
{% block service %}À compléter{% endblock %}
{% block addressee %}{{ f.FIELD }}{% endblock %}
{% block body %}
<p>Nous avons bien reçu votre demande. Votre dossier porte le numéro {{ case_id }}.</p>
{% endblock %}
"""


def form_text(form: FormDefinition) -> str:
    """Return a form as the text of a ``form.yaml``."""
    said = form.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)


def scaffold(
    folder: Path, blank: Path, *, propose: Callable[[bytes], tuple[FormDefinition, bytes]]
) -> list[Path]:
    """Write a process folder around the blank form and return its files.

    ``propose`` guesses the form's fields and gives the blank as a PDF; where it finds no fields,
    ``form.yaml`` holds one to go by, and the blank stays as it is.

    Raises:
        SetupError: The folder exists already, or the blank can't be read.
        DefinitionError: The blank is no PDF, and no place for an answer was found on its picture.
    """
    content = _read(folder, blank)
    try:
        form, content = propose(content)
        fields, first = form_text(form), form.fields[0].name
    except DefinitionError:
        if not content.startswith(PDF):
            raise
        fields, first = FORM, "nom"
    folder.mkdir(parents=True)
    name = folder.name.replace("-", " ").capitalize()
    (folder / BLANK_FILE).write_bytes(content)
    texts = {
        PROCESS_FILE: PROCESS.format(name=name),
        FORM_FILE: fields,
        BOT_FILE: BOT.replace("FIELD", first),
        LETTER_FILE: LETTER.replace("FIELD", first),
    }
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def _read(folder: Path, blank: Path) -> bytes:
    if folder.exists():
        raise SetupError(_("{folder} exists already.", folder=folder))
    try:
        return blank.read_bytes()
    except OSError as error:
        raise SetupError(
            _("{file} cannot be used: {cause}.", file=error.filename, cause=error.strerror)
        ) from error
