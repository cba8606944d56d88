"""``rpa sign``: PDFs signed outside a case, with a home's credential or a key of one's own.

One bad file never stops the others. The exit status is that of the worst file: 5 where a tool
failed, 2 where a file is not there or can't be written, 3 where a document was refused, else 0.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from rpa.bootstrap.clock import clock
from rpa.bootstrap.loose_signing import Hand, KeyChoice, open_hand
from rpa.cli.many import Facts, content_of, of_each
from rpa.cli.output import complain, say
from rpa.cli.session import Home
from rpa.cli.sign_output import check_out, target_of, write_new
from rpa.domain.errors import RpaError, SetupError
from rpa.domain.signature import SignatureLevel
from rpa.i18n import Language, _, current_language, language_of
from rpa.settings import secret_behind
from rpa.settings_signing import ASK
from rpa.signing.api import Place, SignedDocument, SigningRequest

_WORST_FIRST: Final = (5, 2, 4, 3, 1)
Pdfs = Annotated[list[Path], typer.Argument(metavar="PDF…", help=_("The PDFs."))]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command was told, for every file alike."""

    field: str
    level: SignatureLevel
    reason: str
    location: str
    role: str
    visible: bool
    place: Place | None
    certify: bool
    verify_url: str | None
    password: str | None
    wait: bool
    language: Language
    out: Path | None
    force: bool


def sign(
    pdfs: Pdfs,
    *,
    credential: Annotated[
        str | None, typer.Option(help=_("Name of the credential in rpa.yaml."))
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help=_("A PKCS#12 file, instead of a home's credential."))
    ] = None,
    passphrase: Annotated[
        str, typer.Option(help=_("Where the key's passphrase is: env:NAME, file:PATH or ask."))
    ] = ASK,
    tsa: Annotated[
        str | None, typer.Option("--tsa", help=_("Address of the time-stamping authority."))
    ] = None,
    trust: Annotated[
        list[Path] | None, typer.Option(help=_("A trusted root certificate; may be repeated."))
    ] = None,
    level: Annotated[
        SignatureLevel | None,
        typer.Option(help=_("PAdES level; else B-T with a time-stamping authority, B-B without.")),
    ] = None,
    field: Annotated[
        str, typer.Option(help=_("An empty signature field, or a new one's name."))
    ] = "Signature1",
    reason: Annotated[str, typer.Option(help=_("Why it is signed."))] = "",
    location: Annotated[str, typer.Option(help=_("Where it is signed."))] = "",
    role: Annotated[str, typer.Option(help=_("In what quality the signer signs."))] = "",
    page: Annotated[int, typer.Option(help=_("The page of a new field; -1 is the last."))] = -1,
    box: Annotated[
        str | None, typer.Option(help=_("Its box in points: LEFT,BOTTOM,RIGHT,TOP."))
    ] = None,
    visible: Annotated[
        bool, typer.Option("--visible/--invisible", help=_("Draw the signature on its page."))
    ] = True,
    certify: Annotated[
        bool, typer.Option("--certify", help=_("Allow only form filling and signing later."))
    ] = False,
    verify_url: Annotated[
        str | None, typer.Option("--verify-url", help=_("What the QR code holds."))
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(help=_("Opens encrypted PDFs: env:NAME or file:PATH.")),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help=_("Sign nothing rather than lower the level."))
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help=_("File or folder to write; else NAME-signed.pdf.")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=_("Write over files that are there, save the input."))
    ] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help=_("Language of what is drawn: fr or en."))
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=_("Print one JSON object a line, one line a file."))
    ] = False,
    home: Home = None,
) -> None:
    """Sign PDFs."""
    check_out(pdfs, out)
    choice = KeyChoice(home, credential, key, passphrase, tsa, tuple(trust or ()))
    hand = open_hand(choice, typed=_typed() if choice.asks() else None)
    wish = _Wish(
        field=field,
        level=level or hand.level,
        reason=reason,
        location=location,
        role=role,
        visible=visible,
        place=_place(page, box),
        certify=certify,
        verify_url=verify_url,
        password=secret_behind(password, folder=Path.cwd()) if password else None,
        wait=wait,
        language=_language(lang),
        out=out,
        force=force,
    )
    raise typer.Exit(_status(_told(_signed(pdfs, hand, wish), as_json=as_json)))


def _signed(pdfs: Sequence[Path], hand: Hand, wish: _Wish) -> Iterator[Facts]:
    folder = wish.out is not None and (len(pdfs) > 1 or wish.out.is_dir())

    def told(path: Path, signing: Hand) -> Facts:
        try:
            target = target_of(path, wish.out, is_folder=folder)
            signed = signing.signer.sign(_request(content_of(path), signing, wish))
            write_new(target, signed.pdf, source=path, force=wish.force)
        except RpaError as error:
            problem = {"code": error.reason, "message": error.message}
            return {"error": problem, "status": error.exit_status}
        return {"out": str(target), **_facts(signed)}

    yield from of_each(pdfs, lambda: nullcontext(hand), told, doing=_("Signing"))


def _request(pdf: bytes, hand: Hand, wish: _Wish) -> SigningRequest:
    return SigningRequest(
        pdf=pdf,
        credential=hand.credential,
        field=wish.field,
        level=wish.level,
        reason=wish.reason,
        location=wish.location,
        signed_at=clock(),
        visible=wish.visible,
        language=wish.language,
        role=wish.role,
        place=wish.place,
        verify_url=wish.verify_url,
        certify=wish.certify,
        password=wish.password,
        wait=wish.wait,
    )


def _facts(signed: SignedDocument) -> Facts:
    return {
        "level": signed.level.value,
        "wanted": signed.wanted.value,
        "shortfall": signed.shortfall,
        "repairs": list(signed.repairs),
    }


def _told(facts: Iterator[Facts], *, as_json: bool) -> Iterator[Facts]:
    """Pass the facts on, each printed as it comes."""
    for one in facts:
        if as_json:
            shown = {key: value for key, value in one.items() if key != "status"}
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        elif "error" in one:
            complain(f"{one['file']}: {one['error']['code']}: {one['error']['message']}")
        else:
            _say_signed(one)
        yield one


def _say_signed(facts: Facts) -> None:
    say(_("Signed: {file} ({level})", file=facts["out"], level=facts["level"]))
    if facts["level"] != facts["wanted"]:
        complain(
            _(
                "  The level is {level}, not {wanted}: {shortfall}",
                level=facts["level"],
                wanted=facts["wanted"],
                shortfall=facts["shortfall"],
            )
        )
    for repair in facts["repairs"]:
        complain(_("  Mended before signing: {repair}", repair=repair))


def _status(facts: Iterator[Facts]) -> int:
    found = {int(one.get("status", 0)) for one in facts}
    return next((status for status in _WORST_FIRST if status in found), 0)


def _typed() -> str:
    typed: str = typer.prompt(_("Passphrase, PIN or code"), hide_input=True, err=True)
    return typed


def _place(page: int, box: str | None) -> Place | None:
    if box is None:
        if page != -1:
            raise SetupError(_("With --page, say where on it: --box."), code="no-box")
        return None
    try:
        left, bottom, right, top = (float(edge) for edge in box.split(","))
    except ValueError as error:
        raise SetupError(
            _("A box is four numbers in points: LEFT,BOTTOM,RIGHT,TOP."), code="box-wrong"
        ) from error
    return Place(page, (left, bottom, right, top))


def _language(said: str | None) -> Language:
    if said not in (None, "fr", "en"):
        raise SetupError(_("{language} is no language here: say fr or en.", language=said))
    return language_of(said) if said else current_language()
