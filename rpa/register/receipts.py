"""Receipts: which case holds which number of a target, so that no record is two cases' proof."""

from collections.abc import Collection

from sqlalchemy import Connection, insert, select

from rpa.domain.errors import OutcomeUnknownError
from rpa.domain.filing import Receipt
from rpa.domain.model import CaseId
from rpa.i18n import _
from rpa.register.tables import receipts


def keep(connection: Connection, target: str, receipt: Receipt, case_id: CaseId) -> None:
    """Put a receipt down as a case's, inside a writing transaction.

    Raises:
        OutcomeUnknownError: Another case holds it: what was read is not this case's receipt.
    """
    if not receipt.unique:
        return
    holder = connection.execute(
        select(receipts.c.case_id).where(
            receipts.c.target == target, receipts.c.number == receipt.number
        )
    ).scalar_one_or_none()
    if holder is None:
        row = {"target": target, "number": receipt.number, "case_id": case_id}
        connection.execute(insert(receipts).values(**row))
    elif holder != case_id:
        raise OutcomeUnknownError(
            _(
                "Receipt {number} is case {case}'s: the target showed it for another one, too.",
                number=receipt.number,
                case=holder,
            ),
            code="receipt-taken",
        )


def of_others(
    connection: Connection, target: str, numbers: Collection[str], case_id: CaseId
) -> frozenset[str]:
    """Return those of ``numbers`` that other cases of the target hold."""
    query = select(receipts.c.number).where(
        receipts.c.target == target,
        receipts.c.number.in_(list(numbers)),
        receipts.c.case_id != case_id,
    )
    return frozenset(connection.execute(query).scalars())
