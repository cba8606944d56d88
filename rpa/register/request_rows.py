"""Rows of signature requests, signers and notices as values, and values as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, TypeAdapter
from sqlalchemy import Row

from rpa.domain.notice import Notice
from rpa.domain.person import PersonId
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestId,
    RequestTerms,
    SignatureRequest,
)
from rpa.register.ledger import instant

_PEOPLE = TypeAdapter(tuple[PersonId, ...])
_TIMES = TypeAdapter(tuple[AwareDatetime, ...])
_OF_REQUEST = tuple(f for f in SignatureRequest.model_fields if f not in ("signers", "terms"))
_OF_SIGNER = tuple(f for f in RequestedSigner.model_fields if f not in ("asked_of", "reminders"))


def request_values(request: SignatureRequest) -> dict[str, Any]:
    """Return the columns of a request, its signers left out."""
    columns = {name: _plain(getattr(request, name)) for name in _OF_REQUEST}
    return {**columns, "terms": request.terms.model_dump_json()}


def signer_values(request_id: RequestId, signer: RequestedSigner) -> dict[str, Any]:
    """Return the columns of one signer."""
    columns = {name: _plain(getattr(signer, name)) for name in _OF_SIGNER}
    return {
        "request_id": request_id,
        **columns,
        "asked_of": _PEOPLE.dump_json(signer.asked_of).decode(),
        "reminders": _TIMES.dump_json(signer.reminders).decode(),
    }


def notice_values(notice: Notice) -> dict[str, Any]:
    """Return the columns of a notice."""
    return {name: _plain(getattr(notice, name)) for name in Notice.model_fields}


def request_of(row: Row[Any], signers: Sequence[Row[Any]]) -> SignatureRequest:
    """Return the request that rows of both tables hold."""
    columns = {name: getattr(row, name) for name in _OF_REQUEST}
    terms = RequestTerms.model_validate_json(row.terms)
    told = tuple(signer_of(one) for one in signers)
    return SignatureRequest.model_validate({**columns, "terms": terms, "signers": told})


def signer_of(row: Row[Any]) -> RequestedSigner:
    """Return the signer a row holds."""
    columns = {name: getattr(row, name) for name in _OF_SIGNER}
    asked_of = _PEOPLE.validate_json(row.asked_of)
    reminders = _TIMES.validate_json(row.reminders)
    return RequestedSigner.model_validate({**columns, "asked_of": asked_of, "reminders": reminders})


def notice_of(row: Row[Any]) -> Notice:
    """Return the notice a row holds."""
    return Notice.model_validate(row._asdict())


def _plain(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value
