"""Step 3, decide: what is certain goes on, the rest is asked of a person."""

from collections.abc import Mapping

from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import BusinessError, SetupError
from rpa.domain.form import FormDefinition
from rpa.domain.model import CaseId, ProcessId
from rpa.domain.problem_words import problem_words
from rpa.domain.reading import FieldValue
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry, Question
from rpa.register.rows import Lease
from rpa.review.questions import broken_rules, questions_of
from rpa.steps.language import in_house_language
from rpa.steps.recognize import PROCESS_QUESTION
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import ApprovedValues, kept_values, reading_of, values_of


def decide(lease: Lease, tools: Toolbox) -> Lease:
    """Approve a recognized case, or open the questions a person must answer.

    Needs the reading; leaves approved values or review items. A second run does the same again.
    """
    reading = reading_of(lease.case, tools)
    asked = questions_of(reading)
    if asked:
        fields = ", ".join(sorted({question.field for question in asked}))
        why = _("A person must look at: {fields}.", fields=fields)
        case = lease.case.moved(CaseState.IN_REVIEW, at=tools.now(), because=why)
        entry = Entry("asked", {"problem": "fields", "questions": len(asked)})
        questions = [Question(question.field, question.problem) for question in asked]
        return tools.register.save(lease, case, entry, questions=questions)
    kept = kept_values(ApprovedValues(values=reading.values()), tools)
    why = _("Every value is certain and checked.")
    case = lease.case.moved(CaseState.APPROVED, at=tools.now(), because=why, adding=(kept,))
    return tools.register.save(lease, case, Entry("approved", {"values": kept.digest}))


@in_house_language
def answer(case_id: CaseId, answers: Mapping[str, str], *, person: str, tools: Toolbox) -> Case:
    """Settle a case's questions with a person's ``answers`` by field name.

    An empty answer says that the field is empty on the form. Fields that were not asked may be
    corrected too. After ``process`` is answered, the document is read again as that form.

    Raises:
        BusinessError: A question has no answer, or an answer fails its field's checks.
        SetupError: The case is not in review, or an answer names no field of the form.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        state = lease.case.state
        if state is not CaseState.IN_REVIEW:
            raise SetupError(
                _(
                    "Case {case} is {state}, not in review.",
                    case=case_id,
                    state=state_word(lease.case.state),
                )
            )
        if PROCESS_QUESTION in answers:
            return _named(lease, answers[PROCESS_QUESTION], person=person, tools=tools)
        return _answered(lease, answers, person=person, tools=tools)
    finally:
        tools.register.release(lease)


def _named(lease: Lease, process: str, *, person: str, tools: Toolbox) -> Case:
    folder = tools.catalog.get(ProcessId(process))
    why = _("Named by a person; waits to be read.")
    case = lease.case.moved(
        CaseState.RECEIVED, at=tools.now(), because=why, process=folder.process_id
    )
    entry = Entry("named", {"process": folder.process_id})
    return tools.register.save(lease, case, entry, settle_by=person).case


def _answered(lease: Lease, answers: Mapping[str, str], *, person: str, tools: Toolbox) -> Case:
    form = tools.catalog.get(lease.case.process).definition.form
    known = {field.name for field in form.all_fields()}
    strange = sorted(set(answers) - known)
    if strange:
        raise SetupError(
            _("The form has no field {fields}.", fields=", ".join(strange)), code="no-such-field"
        )
    missing = sorted(_asked(lease.case, form, tools) - set(answers))
    if missing:
        raise BusinessError(
            _("No answer for: {fields}.", fields=", ".join(missing)), code="no-answer"
        )
    before = _values_so_far(lease.case, tools)
    checked = [tools.check(form.field(name), text) for name, text in answers.items()]
    after = _merged(before, checked)
    wrong = [
        f"{value.name} ({', '.join(map(problem_words, value.problems))})"
        for value in checked
        if value.problems
    ]
    wrong += map(problem_words, broken_rules(form, after))
    if wrong:
        raise BusinessError(
            _("Not accepted: {fields}.", fields="; ".join(wrong)), code="answer-refused"
        )
    return _approved(lease, before, after, answers, person=person, tools=tools)


def _approved(
    lease: Lease,
    before: Mapping[str, str],
    after: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    person: str,
    tools: Toolbox,
) -> Case:
    values = ApprovedValues(values=after, by_person=tuple(sorted(answers)), person=person)
    kept = kept_values(values, tools)
    corrected = sum(before.get(name) != after.get(name) for name in answers)
    case = lease.case.moved(
        CaseState.APPROVED,
        at=tools.now(),
        because=_("Approved by {person}.", person=person),
        adding=(kept,),
    )
    data = {"values": kept.digest, "asked": len(answers), "corrected": corrected}
    return tools.register.save(lease, case, Entry("decided", data), settle_by=person).case


def _values_so_far(case: Case, tools: Toolbox) -> Mapping[str, str]:
    if case.has(DocumentRole.VALUES):
        return values_of(case, tools).values
    return reading_of(case, tools).values() if case.has(DocumentRole.READING) else {}


def _asked(case: Case, form: FormDefinition, tools: Toolbox) -> set[str]:
    """Return the fields that need an answer: of a form never read, all that are required."""
    if not case.has(DocumentRole.READING):
        return {field.name for field in form.all_fields() if field.required}
    open_items = tools.register.review_items(case_id=case.case_id)
    return {item.field for item in open_items} & {field.name for field in form.all_fields()}


def _merged(before: Mapping[str, str], checked: list[FieldValue]) -> dict[str, str]:
    merged = dict(before)
    for value in checked:
        merged.pop(value.name, None)
        if value.value is not None:
            merged[value.name] = value.value
    return merged
