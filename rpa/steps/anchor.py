"""The ledger's head, timestamped outside the database: a cut-off end can't hide any more."""

import base64
import hashlib
from collections.abc import Iterator

from rpa.domain.anchor import Anchor
from rpa.domain.errors import BusinessError, SetupError
from rpa.domain.ledger import Flaw
from rpa.i18n import _
from rpa.steps.toolbox import Toolbox


def anchor_ledger(tools: Toolbox) -> Anchor:
    """Have the ledger's length and head timestamped, and keep the token beside the database.

    Raises:
        SetupError: No timestamp authority is set.
        ToolUnavailableError: It does not answer.
    """
    if tools.timestamps is None:
        raise SetupError(_("Set signing.timestamp_url in rpa.yaml to anchor the ledger."))
    count, head = tools.register.head()
    draft = Anchor.model_validate({"count": count, "head": head, "at": tools.now(), "token": ""})
    token = tools.timestamps.stamp(hashlib.sha256(draft.stamped_text()).digest())
    anchor = draft.model_copy(update={"token": base64.b64encode(token).decode()})
    tools.anchors.keep(anchor)
    return anchor


def anchor_flaws(tools: Toolbox) -> Iterator[Flaw]:
    """Check every anchor's token, and the ledger against each anchor."""
    for anchor in tools.anchors.all():
        digest = hashlib.sha256(anchor.stamped_text()).digest()
        try:
            tools.stamp_time(base64.b64decode(anchor.token), digest)
        except BusinessError as error:
            yield Flaw(seq=anchor.count, problem="anchor-invalid", detail=error.message)
            continue
        now = tools.register.hash_of(anchor.count)
        if now is None:
            detail = f"anchored on {anchor.at.isoformat()}, and not there any more"
            yield Flaw(seq=anchor.count, problem="cut-off", detail=detail)
        elif now != anchor.head:
            detail = f"not the entry that was anchored on {anchor.at.isoformat()}"
            yield Flaw(seq=anchor.count, problem="rewritten", detail=detail)
