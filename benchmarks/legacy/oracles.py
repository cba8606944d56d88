"""Whether an application holds what was filed: each case once, right in every field."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from benchmarks.legacy.cases import Line, amount, fields_of

Row = dict[str, Any]


def flaws(app: str, running: Any, lines: Sequence[Line]) -> Iterator[str]:
    """Yield what is wrong: lost, twice, strange, or wrong in a field."""
    rows, wanted = _stored(app, running), {_number(app, line): line for line in lines}
    counted = Counter(number for number, _row in rows)
    yield from (f"{number}: lost" for number in wanted if not counted[number])
    yield from (f"{number}: {times} times" for number, times in counted.items() if times > 1)
    yield from (f"{number}: not one of ours" for number in counted if number not in wanted)
    for number, row in rows:
        if number not in wanted:
            continue
        for name, expected in _expected(app, wanted[number]).items():
            if not _equal(row.get(name), expected):
                yield f"{number}: {name} is {row.get(name)!r}, not {expected!r}"


def _equal(found: object, expected: object) -> bool:
    if isinstance(found, float) or isinstance(expected, float):
        return abs(float(str(found or 0)) - float(str(expected))) < 0.001
    return str(found or "").replace("\r\n", "\n").strip() == str(expected or "").strip()


def _number(app: str, line: Line) -> str:
    fields = fields_of(line)
    match app:
        case "sql-ledger":
            return str(line["key"])
        case "postfix-admin":
            return f"{fields['compte']}@example.org"
        case _other:
            return str(line["case"])


def _stored(app: str, running: Any) -> list[tuple[str, Row]]:
    match app:
        case "sql-ledger":
            return [(row["customernumber"], row) for row in running.customers()]
        case "roundup":
            return [(_in_brackets(row["title"]), _issue(running, row)) for row in running.issues()]
        case "asp-net":
            return _visits(running.posts())
        case "request-tracker":
            return [(_in_brackets(row["subject"]), _ticket(row)) for row in running.tickets()]
        case "ldap-admin":
            rows = [{name: each[0] for name, each in row.items()} for row in running.entries()]
            return [(str(row["cn"]).partition(" ")[0], row) for row in rows]
        case _postfix_admin:
            return [(row["username"], row) for row in running.mailboxes()]


def _in_brackets(text: str) -> str:
    return text.rpartition("[")[2].rstrip("]")


def _ticket(row: Row) -> Row:
    """Add a ticket's message as plain text."""
    lines = re.split(r"</p>|<br ?/?>|\n", str(row["content"]))
    plain = [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]
    return {**row, "text": "\n".join(line for line in plain if line.strip("\xa0 "))}


def _issue(running: Any, row: Row) -> Row:
    """Add an issue's note and the text of its file."""
    notes = [each["id"] for each in running.messages() if each["issue"] == row["id"]]
    said = running.content("msg", notes[0]).decode("utf-8") if notes else ""
    return {**row, "note": said}


def _visits(posts: list[Row]) -> list[tuple[str, Row]]:
    """Put together what belongs to one case: the posts up to the one that commits."""
    visits: list[tuple[str, Row]] = []
    row: Row = {}
    for post in posts:
        page, form = str(post["path"]).rpartition("/")[2], post["form"]
        if page == "calendar.aspx":
            row = {"day": form["__EVENTARGUMENT"]}
        elif page == "htmlinputfile.aspx":
            row["file"] = form.get("myFile") or [file[1] for file in post["files"]]
        elif page == "validator1.aspx":
            row |= {name: form[name] for name in ("txt1", "txt2", "txt3")}
        elif page == "session1.aspx":
            visits.append((str(form["txt1"]).partition(" ")[0], row))
    return visits


def _expected(app: str, line: Line) -> Row:
    said = fields_of(line)
    match app:
        case "sql-ledger":
            same = {
                "name": "nom", "address1": "adresse", "address2": "adresse2", "city": "ville",
                "state": "province", "zipcode": "code_postal", "country": "pays",
                "phone": "telephone", "email": "courriel", "notes": "notes", "startdate": "debut",
            }  # fmt: skip
            row: Row = {name: said[field] for name, field in same.items()}
            return {**row, "creditlimit": amount(said["limite"])}
        case "roundup":
            codes = {
                "Critique": "critical", "Urgent": "urgent", "Anomalie": "bug", "Ajout": "feature",
                "Souhait": "wish",
            }  # fmt: skip
            return {
                "title": f"{said['titre']} [{line['case']}]", "status": said["etat"],
                "priority": codes[said["priorite"]], "assignedto": said["responsable"],
                "note": said["note"], "files": line["files"]["piece"],
            }  # fmt: skip
        case "asp-net":
            day = str((date.fromisoformat(said["jour"]) - date(2000, 1, 1)).days)
            typed = {"txt1": said["remarque"], "txt2": said["objet"], "txt3": said["code"]}
            return {**typed, "day": day, "file": line["files"]["piece"]}
        case "request-tracker":
            return {
                "subject": f"{said['objet']} [{line['case']}]", "status": said["etat"],
                "requestors": said["demandeur"], "text": said["message"],
            }  # fmt: skip
        case "ldap-admin":
            return {
                "cn": f"{line['case']} {said['nom']}", "sn": said["nom"],
                "givenName": said["prenom"], "o": said["organisation"], "street": said["rue"],
                "l": said["ville"], "postalCode": said["code_postal"], "mail": said["courriel"],
                "telephoneNumber": said["telephone"],
            }  # fmt: skip
        case _postfix_admin:
            return {
                "name": said["nom"], "quota": float(said["quota"]) * 1_024_000,
                "email_other": said["autre"],
            }  # fmt: skip
