"""Whether the organisation will still be able to sign: looked at daily, and put on record."""

from rpa.register.register import Entry
from rpa.signing.health import HealthFinding, Severity
from rpa.steps.toolbox import Toolbox


def check_signing(tools: Toolbox) -> tuple[HealthFinding, ...]:
    """Check credentials, trust and time; the ledger keeps the codes, the caller tells people.

    Returns what is not in order, worst first. A second run makes a second entry: what was found at
    that time is the record.
    """
    found = tools.signing_health()
    wrong = [one for one in found if one.severity is not Severity.OK]
    codes: dict[str, list[str]] = {}
    for one in wrong:
        codes.setdefault(one.about, []).append(one.code)
    if found:
        data = {"checked": len({one.about for one in found}), "codes": codes}
        tools.register.attest(Entry("signing-checked", data), actor=tools.actor)
    return tuple(sorted(wrong, key=lambda one: one.severity is not Severity.ERROR))
