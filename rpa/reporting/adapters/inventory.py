"""The inventory as people write it: a YAML (or JSON) file."""

import hashlib

import yaml
from pydantic import ValidationError

from rpa.domain.errors import DefinitionError
from rpa.domain.evidence import Inventory
from rpa.i18n import _


def read_inventory(content: bytes, *, name: str = "inventory.yaml") -> Inventory:
    """Return the inventory that ``content`` says, with the digest of those very bytes.

    Raises:
        DefinitionError: It is no YAML, or says something an inventory cannot say; ``name`` and
            the place are told.
    """
    try:
        told = yaml.safe_load(content.decode("utf-8"))
        inventory = Inventory.model_validate(told)
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        message = _("{name} is not YAML. Check its indentation and quotes.", name=name)
        raise DefinitionError(message, code="inventory-yaml") from exc
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        message = _(
            "{name} is no inventory: at {place}: {problem}.",
            name=name,
            place=".".join(str(part) for part in first["loc"]) or "/",
            problem=first["msg"],
        )
        raise DefinitionError(message, code="inventory-content") from exc
    return inventory.model_copy(update={"digest": hashlib.sha256(content).hexdigest()})
