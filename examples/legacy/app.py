"""Guichet, an example of the legacy web applications that bots must work with.

Run it with ``python examples/legacy/app.py --port 8300 --database guichet.sqlite``.
"""

import argparse
import sys
from pathlib import Path

from guichet.application import create_application
from guichet.serving import serving
from guichet.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Serve the application until it is stopped."""
    options = _options(arguments)
    settings = Settings(
        database=options.database,
        username=options.username,
        password=options.password,
        session_s=options.session_minutes * 60,
        misbehave=options.misbehave,
        single_session=options.single_session,
        page_state=options.page_state,
        basic=options.basic,
        totp=options.totp,
        totp_once=options.totp_once,
        index_delay_s=options.index_delay,
    )
    server = serving(
        create_application(settings),
        host=options.host,
        port=options.port,
        keeps_alive=options.keep_alive,
    )
    sys.stdout.write(f"http://{options.host}:{server.port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="An example of a legacy web application.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8300, help="port; 0 takes a free one")
    parser.add_argument("--database", type=Path, required=True, help="SQLite file of the deposits")
    parser.add_argument("--username", default="commis", help="the only user")
    parser.add_argument("--password", default="papier", help="that user's password")
    parser.add_argument(
        "--session-minutes", type=float, default=20, help="idle minutes until a session expires"
    )
    parser.add_argument(
        "--misbehave", action="store_true", help="let POST /__mal order faults (loopback only)"
    )
    _add_worse(parser)
    return parser.parse_args(arguments)


def _add_worse(parser: argparse.ArgumentParser) -> None:
    worse = parser.add_argument_group("worse")
    worse.add_argument(
        "--single-session", action="store_true", help="a log-in ends earlier sessions silently"
    )
    worse.add_argument(
        "--page-state", action="store_true", help="every form carries a page state, used once"
    )
    worse.add_argument(
        "--basic", metavar="USER:PASSWORD", default="", help="HTTP Basic in front of everything"
    )
    worse.add_argument(
        "--totp", metavar="BASE32", default="", help="one-time codes at log-in (RFC 6238)"
    )
    worse.add_argument("--totp-once", action="store_true", help="a one-time code opens only once")
    worse.add_argument(
        "--keep-alive", action="store_true", help="HTTP/1.1 with connections that last"
    )
    worse.add_argument(
        "--index-delay", type=float, default=0, help="seconds until searches show a deposit"
    )


if __name__ == "__main__":
    sys.exit(main())
