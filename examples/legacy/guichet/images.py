"""The pictures of buttons without words."""

from pathlib import Path

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parent / "images"


def image(_request: Request, *, name: str) -> Response:
    """Send a picture."""
    path = FOLDER / f"{name}.gif"
    if not name.isalnum() or not path.is_file():
        raise NotFound
    return Response(path.read_bytes(), content_type="image/gif")
