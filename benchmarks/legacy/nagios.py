"""Nagios 4: frames and CGI in C; commands in two pages (Debian's packages nagios4-cgi, -core)."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import as_user, free_port, give, open_to_others, program
from benchmarks.legacy.programs import running as running_program
from benchmarks.legacy.servers import apache

PACKAGES = ("nagios4-cgi", "nagios4-core", "apache2", "libapache2-mod-php")
PAGES = Path("/usr/share/nagios4/htdocs")
PROGRAMS = Path("/usr/lib/cgi-bin/nagios4")
HOST = """
define host {{
  use generic-host
  host_name {name}
  alias Serveur {name}
  address 127.0.0.1
  check_command always-up
  max_check_attempts 3
  contacts nagiosadmin
}}
define service {{
  use generic-service
  host_name {name}
  service_description Courriel
  check_command always-up
  contacts nagiosadmin
}}
"""
UP = "define command {\n  command_name always-up\n  command_line /bin/true\n}\n"
GUARDS = ("auth_basic", "authn_core", "authn_file", "authz_user")
HASHED = "nagiosadmin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="
HOSTS = ("accueil", "archives", "greffe", "urbanisme")


@dataclass(frozen=True)
class Nagios:
    """A running Nagios, and what its status file says."""

    url: str
    folder: Path
    logins: tuple[str, ...] = ("nagiosadmin",)
    password: str = "admin"  # noqa: S105 - of an application that lives as long as its benchmark

    def comments(self) -> list[dict[str, str]]:
        """Return every comment on a host; the file is some seconds behind."""
        text = (self.folder / "var" / "status.dat").read_text("utf-8", "replace")
        blocks = re.findall(r"^hostcomment \{\n(.*?)^\t\}", text, re.DOTALL | re.MULTILINE)
        return [dict(re.findall(r"^\t(\w+)=(.*)$", block, re.MULTILINE)) for block in blocks]


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[Nagios]:
    """Run Nagios with everything in ``folder``; ``seen_at`` is the port of a proxy before it."""
    open_to_others(folder)
    port = port or free_port()
    settings = _install(folder)
    command = [*as_user("nagios", "www-data"), program("nagios4"), settings / "nagios.cfg"]
    php = program("/usr/lib/apache2/modules/libphp*.so")
    # It has no port: Apache's is what shows that both are up.
    with (
        apache(folder / "apache", port, _body(settings, php), modules=GUARDS),
        running_program(command, folder=folder, log=folder / "nagios.log", port=port),
    ):
        yield Nagios(f"http://127.0.0.1:{seen_at or port}/nagios4", folder)


def _install(folder: Path) -> Path:
    """Copy the settings, with four hosts and folders of their own for what is written."""
    settings, written = folder / "etc", folder / "var"
    shutil.copytree("/etc/nagios4", settings, dirs_exist_ok=True)
    for name in ("rw", "spool/checkresults", "log/archives"):
        (written / name).mkdir(parents=True, exist_ok=True)
    (settings / "htpasswd").write_text(HASHED + "\n")
    local = settings / "objects" / "localhost.cfg"
    local.write_text(UP + "".join(HOST.format(name=name) for name in HOSTS))
    for name in ("nagios.cfg", "cgi.cfg"):
        text = (settings / name).read_text()
        text = re.sub(r"^cfg_dir=.*$", "", text, flags=re.MULTILINE)
        text = text.replace("/etc/nagios4", str(settings)).replace("/var/lib/nagios4", str(written))
        text = text.replace("/var/log/nagios4", str(written / "log"))
        text = re.sub(r"^lock_file=.*$", f"lock_file={written}/pid", text, flags=re.MULTILINE)
        text = re.sub(r"^temp_path=.*$", f"temp_path={written}", text, flags=re.MULTILINE)
        text = text.replace("use_authentication=0", "use_authentication=1")
        text = re.sub(r"^use_syslog=1$", "use_syslog=0", text, flags=re.MULTILINE)
        text = re.sub(
            r"^status_update_interval=.*$", "status_update_interval=5", text, flags=re.MULTILINE
        )
        (settings / name).write_text(text)
    for each in (settings, written):
        give(each, "nagios", "www-data")
    if os.geteuid() == 0:
        (written / "rw").chmod(0o2770)
    return settings


def _body(settings: Path, php: Path) -> str:
    return f"""
LoadModule php_module {php}
AddType application/x-httpd-php .php
SetEnv NAGIOS_CGI_CONFIG {settings}/cgi.cfg
ScriptAlias /cgi-bin/nagios4 {PROGRAMS}
ScriptAlias /nagios4/cgi-bin {PROGRAMS}
Alias /nagios4/stylesheets {settings}/stylesheets
Alias /nagios4 {PAGES}
<DirectoryMatch ({PAGES}|{PROGRAMS}|{settings}/stylesheets)>
  Options FollowSymLinks ExecCGI
  AuthType Basic
  AuthName Nagios
  AuthUserFile {settings}/htpasswd
  Require valid-user
</DirectoryMatch>
"""
