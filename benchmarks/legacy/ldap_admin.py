"""phpLDAPadmin: PHP over an LDAP directory (Debian's packages phpldapadmin and slapd)."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import free_port, give, open_to_others, program, running
from benchmarks.legacy.servers import apache

PACKAGES = ("phpldapadmin", "slapd", "ldap-utils", "libapache2-mod-php", "php-ldap", "php-xml")
SOURCE = Path("/usr/share/phpldapadmin")
BASE = "dc=example,dc=org"
ADMIN = f"cn=admin,{BASE}"
PASSWORD = "admin"  # noqa: S105 - of an application that lives as long as its benchmark
DIRECTORY = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb.so
pidfile %(folder)s/pid
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
rootpw admin
directory %(folder)s/data
index objectClass eq
"""
FIRST = """dn: dc=example,dc=org
objectClass: top
objectClass: dcObject
objectClass: organization
o: Bureau municipal
dc: example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people
"""
SERVER = """
$servers = new Datastore();
$servers->newServer('ldap_pla');
$servers->setValue('server','name','Bureau');
$servers->setValue('server','host','127.0.0.1');
$servers->setValue('server','port',%(port)s);
$servers->setValue('server','base',array('dc=example,dc=org'));
$servers->setValue('login','auth_type','session');
$servers->setValue('login','bind_id','cn=admin,dc=example,dc=org');
"""


@dataclass(frozen=True)
class LdapAdmin:
    """A running phpLDAPadmin, and what its directory says."""

    url: str
    folder: Path
    port: int
    logins: tuple[str, ...] = (ADMIN,)
    password: str = PASSWORD

    def entries(self) -> list[dict[str, list[str]]]:
        """Return every entry below ``ou=people``, each attribute with its values."""
        search = ["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-b", f"ou=people,{BASE}"]
        where = ["-H", f"ldap://127.0.0.1:{self.port}", "-D", ADMIN, "-w", PASSWORD, "-s", "one"]
        told = subprocess.run([*search, *where], check=True, capture_output=True, text=True)
        return [_entry(block) for block in told.stdout.strip().split("\n\n") if block]


def _entry(block: str) -> dict[str, list[str]]:
    entry: dict[str, list[str]] = {}
    for line in block.splitlines():
        name, _sign, value = line.partition(":")
        if value.startswith(":"):
            value = base64.b64decode(value[1:].strip()).decode("utf-8", "replace")
        entry.setdefault(name, []).append(value.strip())
    return entry


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[LdapAdmin]:
    """Run both with everything in ``folder``; ``seen_at`` is the port of a proxy before them."""
    open_to_others(folder)
    port, inner = port or free_port(), free_port()
    with _directory(folder / "ldap", inner):
        code = _installed(folder, inner)
        php = program("/usr/lib/apache2/modules/libphp*.so")
        with apache(folder / "apache", port, _body(code, php)):
            yield LdapAdmin(f"http://127.0.0.1:{seen_at or port}/", folder, inner)


@contextmanager
def _directory(folder: Path, port: int) -> Iterator[None]:
    """Run slapd, with a first entry where it is new."""
    fresh = not (folder / "data").exists()
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "slapd.conf").write_text(DIRECTORY % {"folder": folder})
    give(folder, "openldap")
    where = f"ldap://127.0.0.1:{port}"
    user = ["-u", "openldap", "-g", "openldap"]
    command = [program("slapd"), "-f", folder / "slapd.conf", "-h", where, *user, "-d", "0"]
    with running(command, folder=folder, log=folder / "log", port=port):
        if fresh:
            add = ["ldapadd", "-x", "-H", where, "-D", ADMIN, "-w", PASSWORD]
            subprocess.run(add, input=FIRST.encode(), check=True, stdout=subprocess.DEVNULL)
        yield


def _installed(folder: Path, port: int) -> Path:
    """Copy the programs, with this directory in their settings."""
    code = folder / "phpldapadmin"
    shutil.copytree(SOURCE, code, dirs_exist_ok=True, ignore=shutil.ignore_patterns("doc"))
    settings = code / "config" / "config.php"
    text = (code / "config" / "config.php.example").read_text()
    settings.unlink(missing_ok=True)
    settings.write_text(text.replace("?>", "") + SERVER % {"port": port})
    (folder / "sessions").mkdir(exist_ok=True)
    for each in (code, folder / "sessions"):
        give(each, "www-data")
    return code


def _body(code: Path, php: Path) -> str:
    return f"""
LoadModule php_module {php}
AddType application/x-httpd-php .php
DocumentRoot {code}/htdocs
<Directory {code}/htdocs>
  Require all granted
  php_admin_value session.save_path {code.parent}/sessions
  php_admin_value memory_limit 128M
</Directory>
"""
