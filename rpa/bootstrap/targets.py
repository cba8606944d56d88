"""Targets as declared, in a home or beside a bot, opened with the secrets they refer to."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rpa.bots.api import ClientCertificate, Target
from rpa.domain.errors import SetupError
from rpa.domain.target import CertificateSpec, LoginSpec, TargetSpec
from rpa.environment import secret_behind
from rpa.i18n import _
from rpa.settings import Settings
from rpa.steps.targets import DeclaredTarget


def target_named(settings: Settings, name: str) -> DeclaredTarget:
    """Return a target of a home.

    Raises:
        SetupError: ``rpa.yaml`` declares none of this name.
    """
    spec = settings.targets.get(name)
    if spec is None:
        raise SetupError(_("rpa.yaml has no target {name}.", name=name), code="no-target")
    return declared(name, spec, folder=settings.home)


def declared(name: str, spec: TargetSpec, *, folder: Path) -> DeclaredTarget:
    """Return a target whose ``file:`` references are relative to ``folder``."""
    return DeclaredTarget(name=name, spec=spec, open=partial(_opened, spec, folder))


def _opened(spec: TargetSpec, folder: Path, login: LoginSpec) -> Target:
    secret = partial(secret_behind, folder=folder)
    return Target(
        url=spec.url.rstrip("/"),
        username=login.username,
        password=secret(login.password),
        timeout_s=spec.timeout_s,
        totp=secret(login.totp) if login.totp else None,
        http_basic=spec.http_basic,
        client_certificate=_certificate(spec.client_certificate, folder, secret),
    )


def _certificate(
    spec: CertificateSpec | None, folder: Path, secret: Callable[[str], str]
) -> ClientCertificate | None:
    if spec is None:
        return None
    return ClientCertificate(
        certificate=folder / spec.certificate,
        key=folder / spec.key if spec.key else None,
        passphrase=secret(spec.passphrase) if spec.passphrase else None,
    )
