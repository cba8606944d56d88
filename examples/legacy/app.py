"""Guichet, an example of the legacy web applications that bots must work with.

Run it with ``python examples/legacy/app.py --port 8300 --database guichet.sqlite``.
"""

import argparse
import sys
from pathlib import Path

from guichet.application import Settings, create_application
from guichet.serving import serving


def main(arguments: list[str] | None = None) -> int:
    """Serve the application until it is stopped."""
    options = _options(arguments)
    settings = Settings(
        database=options.database,
        username=options.username,
        password=options.password,
        session_s=options.session_minutes * 60,
        misbehave=options.misbehave,
    )
    server = serving(create_application(settings), host=options.host, port=options.port)
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
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
