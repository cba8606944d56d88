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
from typing import Final

import typer

from rpa.bootstrap.clock import clock
from rpa.bootstrap.loose_signing import Hand, KeyChoice, open_hand
from rpa.cli.many import Facts, content_of, of_each
from rpa.cli.output import complain, say
from rpa.cli.session import Home, language_said
from rpa.cli.sign_options import (
    Authority,
    Box,
    Certify,
    CredentialName,
    DrawnLanguage,
    FieldName,
    Force,
    JsonLines,
    KeyFile,
    Level,
    Location,
    Out,
    Page,
    Passphrase,
    PasswordReference,
    Pdfs,
    Reason,
    RoleName,
    Roots,
    VerifyUrl,
    Visible,
    Wait,
)
from rpa.cli.sign_output import check_out, target_of, write_new
from rpa.domain.errors import RpaError, SetupError
from rpa.domain.signature import SignatureLevel
from rpa.environment import ASK, secret_behind
from rpa.i18n import Language, _
from rpa.signing.api import Place, SignedDocument, SigningRequest

_WORST_FIRST: Final = (5, 2, 4, 3, 1)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How the signature is seen."""

    visible: bool
    place: Place | None
    verify_url: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command was told, for every file alike."""

    field: str
    level: SignatureLevel
    reason: str
    location: str
    role: str
    drawing: _Drawing
    certify: bool
    password: str | None
    wait: bool
    out: Path | None
    force: bool


def sign(
    pdfs: Pdfs,
    *,
    credential: CredentialName = None,
    key: KeyFile = None,
    passphrase: Passphrase = ASK,
    tsa: Authority = None,
    trust: Roots = None,
    level: Level = None,
    field: FieldName = "Signature1",
    reason: Reason = "",
    location: Location = "",
    role: RoleName = "",
    page: Page = -1,
    box: Box = None,
    visible: Visible = True,
    certify: Certify = False,
    verify_url: VerifyUrl = None,
    password: PasswordReference = None,
    wait: Wait = False,
    out: Out = None,
    force: Force = False,
    lang: DrawnLanguage = None,
    as_json: JsonLines = False,
    home: Home = None,
) -> None:
    """Sign PDFs."""
    choice = KeyChoice(home, credential, key, passphrase, tsa, tuple(trust or ()))
    hand = open_hand(choice, typed=_typed() if choice.asks() else None)
    wish = _Wish(
        field=field,
        level=level or hand.level,
        reason=reason,
        location=location,
        role=role,
        drawing=_Drawing(visible, _place(page, box), verify_url, language_said(lang)),
        certify=certify,
        password=_secret(password),
        wait=wait,
        out=out,
        force=force,
    )
    raise typer.Exit(_status(_told(_signed(pdfs, hand, wish), as_json=as_json)))


def _signed(pdfs: Sequence[Path], hand: Hand, wish: _Wish) -> Iterator[Facts]:
    check_out(pdfs, wish.out)
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
        visible=wish.drawing.visible,
        language=wish.drawing.language,
        role=wish.role,
        place=wish.drawing.place,
        verify_url=wish.drawing.verify_url,
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


def _secret(reference: str | None) -> str | None:
    return secret_behind(reference, folder=Path.cwd()) if reference else None


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
