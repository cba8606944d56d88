"""A remote signing service on loopback: the CSC API, version 1.0.4, with real keys.

It gives what the standard's chapter 11 asks for, and refuses in its words: access tokens, PINs that
lock, one-time codes that serve once, activation data bound to credential, number, hashes and time.
"""

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Final

from asn1crypto import algos
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

_HASHES: Final[Mapping[str, HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": SHA256(),
    "2.16.840.1.101.3.4.2.2": SHA384(),
    "2.16.840.1.101.3.4.2.3": SHA512(),
}
_OF_ALGORITHM: Final = {
    "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1",
    "1.2.840.10045.4.3.2": "2.16.840.1.101.3.4.2.1",
    "1.2.840.10045.4.3.3": "2.16.840.1.101.3.4.2.2",
    "1.2.840.10045.4.3.4": "2.16.840.1.101.3.4.2.3",
}
PSS_ALGORITHM: Final = "1.2.840.113549.1.1.10"
TRIES: Final = 3


@dataclass(slots=True)
class RemoteCredential:
    """A key that the service keeps, and what it asks before it signs with it."""

    key: EllipticCurvePrivateKey | RSAPrivateKey = field(repr=False)
    certificates: tuple[bytes, ...]
    """DER, the key's own first."""
    algorithms: tuple[str, ...]
    pin: str | None = None
    scal: str = "1"
    multisign: int = 1
    mode: str = "explicit"
    status: str = "enabled"
    has_codes: bool = False
    is_raw: bool = False
    """Gives ECDSA's two numbers side by side."""
    wrong: int = 0
    codes: list[str] = field(default_factory=list)
    """The one-time codes that were sent and not yet used."""


@dataclass(slots=True)
class _Activation:
    credential: str
    left: int
    hashes: frozenset[str] | None
    until: float


class _Refused(Exception):  # noqa: N818 - an answer, caught right above
    def __init__(
        self, description: str, *, error: str = "invalid_request", status: int = 400
    ) -> None:
        super().__init__(description)
        self.answer = (status, {"error": error, "error_description": description})


class CscServer:
    """The service: a WSGI application; ``clock`` says the seconds that activations count by."""

    def __init__(
        self, credentials: Mapping[str, RemoteCredential], token: str, clock: Callable[[], float]
    ) -> None:
        """Keep the credentials by identifier, and the one access token that is good."""
        self.credentials = dict(credentials)
        self.token = token
        self.calls: list[str] = []
        """The methods that were called, in order."""
        self.faults: dict[str, Response] = {}
        """What a method answers instead of its own."""
        self.lifetime_s = 300
        self._clock = clock
        self._activations: dict[str, _Activation] = {}
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request."""
        request = Request(environ)
        method = request.path.removeprefix("/csc/v1/")
        with self._lock:
            self.calls.append(method)
            answer = self.faults.get(method) or self._answered(request, method)
        return answer(environ, start_response)

    def _answered(self, request: Request, method: str) -> Response:
        methods = {
            "credentials/info": self._info,
            "credentials/authorize": self._authorize,
            "credentials/sendOTP": self._send,
            "signatures/signHash": self._sign,
        }
        try:
            self._check(request, is_known=method in methods)
            status, body = 200, methods[method](json.loads(request.get_data()))
        except _Refused as refused:
            status, body = refused.answer
        except (ValueError, KeyError, TypeError):
            status, body = 400, {"error": "invalid_request", "error_description": "Malformed"}
        return Response(json.dumps(body), status, content_type="application/json")

    def _check(self, request: Request, *, is_known: bool) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise _Refused("Invalid access token", error="invalid_token", status=401)
        if not is_known or request.method != "POST":
            raise _Refused("Not implemented", error="not_implemented", status=501)

    def _named(self, body: Mapping[str, Any]) -> RemoteCredential:
        kept = self.credentials.get(body["credentialID"])
        if kept is None:
            raise _Refused("Invalid parameter credentialID")
        return kept

    def _info(self, body: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._named(body)
        shown = kept.certificates if body.get("certificates") == "chain" else kept.certificates[:1]
        return {
            "description": "Remote key for tests",
            "key": {
                "status": kept.status,
                "algo": list(kept.algorithms),
                "len": kept.key.key_size,
            },
            "cert": {
                "status": "valid",
                "certificates": [base64.b64encode(der).decode() for der in shown],
            },
            "authMode": kept.mode,
            "SCAL": kept.scal,
            "PIN": {"presence": "true" if kept.pin else "false", "format": "N"},
            "OTP": {"presence": "true" if kept.has_codes else "false", "type": "online"},
            "multisign": kept.multisign,
            "lang": "fr-CA",
        }

    def _send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        kept = self._named(body)
        if not kept.has_codes:
            raise _Refused("Credential without OTP")
        kept.codes.append(f"{secrets.randbelow(10**6):06}")
        return {}

    def _authorize(self, body: Mapping[str, Any]) -> dict[str, Any]:
        kept, count = self._named(body), body["numSignatures"]
        if not isinstance(count, int) or count < 1:
            raise _Refused("Invalid value for parameter numSignatures")
        if count > kept.multisign:
            raise _Refused("Numbers of signatures is too high")
        hashes = body.get("hash")
        if kept.scal == "2" and (not hashes or len(hashes) != count):
            raise _Refused("Missing (or invalid type) array parameter hash")
        _check_pin(kept, body.get("PIN"))
        _check_code(kept, body.get("OTP"))
        activation = secrets.token_urlsafe(24)
        self._activations[activation] = _Activation(
            credential=body["credentialID"],
            left=count,
            hashes=frozenset(hashes) if hashes else None,
            until=self._clock() + self.lifetime_s,
        )
        return {"SAD": activation, "expiresIn": self.lifetime_s}

    def _sign(self, body: Mapping[str, Any]) -> dict[str, Any]:
        kept, hashes = self._named(body), body["hash"]
        self._spend(body["SAD"], body["credentialID"], hashes)
        if body["signAlgo"] not in kept.algorithms:
            raise _Refused("Invalid parameter signAlgo")
        digest = _HASHES[_OF_ALGORITHM.get(body["signAlgo"]) or body["hashAlgo"]]
        signatures = []
        for one in hashes:
            value = base64.b64decode(one, validate=True)
            if len(value) != digest.digest_size:
                raise _Refused("Invalid digest value length")
            signatures.append(base64.b64encode(_signature(kept, value, digest, body)).decode())
        return {"signatures": signatures}

    def _spend(self, activation: str, credential: str, hashes: list[str]) -> None:
        found = self._activations.get(activation)
        if found is None or found.credential != credential:
            raise _Refused("Invalid parameter SAD")
        if self._clock() > found.until:
            raise _Refused("SAD expired")
        if found.hashes is not None and not set(hashes) <= found.hashes:
            raise _Refused("Hash is not authorized by the SAD")
        if not hashes or len(hashes) > found.left:
            raise _Refused("Numbers of signatures is too high")
        found.left -= len(hashes)
        if not found.left:
            del self._activations[activation]


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of each request."""


@contextmanager
def running_csc_server(server: CscServer) -> Iterator[str]:
    """Run the service on loopback inside the block; yield its base address."""
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Quiet)
    # Looked at often, so that a test need not wait for the end.
    thread = Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/csc/v1"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def _check_pin(kept: RemoteCredential, pin: object) -> None:
    if kept.wrong >= TRIES:
        raise _Refused("Credential locked")
    if kept.pin is not None and pin != kept.pin:
        kept.wrong += 1
        raise _Refused("The PIN is invalid", error="invalid_pin")
    kept.wrong = 0


def _check_code(kept: RemoteCredential, code: object) -> None:
    if not kept.has_codes:
        return
    if code not in kept.codes:
        raise _Refused("The OTP is invalid", error="invalid_otp")
    kept.codes.remove(str(code))


def _signature(
    kept: RemoteCredential, value: bytes, digest: HashAlgorithm, body: Mapping[str, Any]
) -> bytes:
    if isinstance(kept.key, EllipticCurvePrivateKey):
        signature = kept.key.sign(value, ECDSA(Prehashed(digest)))
        if not kept.is_raw:
            return signature
        width = (kept.key.key_size + 7) // 8
        return b"".join(number.to_bytes(width) for number in decode_dss_signature(signature))
    if body["signAlgo"] == PSS_ALGORITHM:
        asked = algos.RSASSAPSSParams.load(base64.b64decode(body["signAlgoParams"]))
        padding = PSS(MGF1(digest), asked["salt_length"].native)
        return kept.key.sign(value, padding, Prehashed(digest))
    return kept.key.sign(value, PKCS1v15(), Prehashed(digest))
