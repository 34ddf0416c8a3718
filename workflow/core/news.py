"""Who is told of a decision: whoever got something to do, and whoever wants to know.

Each new task is told to every present holder of its role; when nobody, or too
few, hold it, that is an incident and the process leader is told. Whoever got
something to do, or did it, is not told a second time. Whoever stands in for somebody
is told along with them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workflow.core.draft import Draft
from workflow.core.facts import (
    CaseFact,
    Decision,
    IncidentDraft,
    IncidentKind,
    MessageDraft,
    MessageKind,
    Place,
    QuestionFact,
    SheetChange,
    SheetKey,
    TaskFact,
)
from workflow.core.polls import polls_left
from workflow.core.roles import leader_place
from workflow.core.standing_in import done_by, told_at

__all__ = ["alarms", "announce", "vacancy"]

Reached = Mapping[Place, Mapping[int, tuple[int, ...]]]
"""Who is told at a place, and for whom; see `told_at`."""


def announce(
    draft: Draft,
    *,
    comment: str = "",
    questions: Mapping[str, tuple[QuestionFact, ...]] | None = None,
    answers: Mapping[tuple[str, int], str] | None = None,
    sheets: Mapping[SheetKey, SheetChange] | None = None,
) -> Decision:
    """Make a draft whole: find out who is told, and what needs a person."""
    draft.find_standstill()
    owed = [(task, task.place) for task in draft.tasks.values() if task.place]
    places = {place for _, place in owed} | {told.place for told in draft.told}
    reached = told_at(draft.facts, places) if places else {}
    incidents = (*draft.incidents, *_vacancies(draft, owed))
    messages = list(_letters(draft, owed, reached, comment, questions or {}))
    leader = leader_place(draft.definition, draft.facts) if incidents else None
    changed = draft.changes()
    if leader:
        messages += alarms(told_at(draft.facts, (leader,))[leader], incidents)
    return Decision(
        entries=tuple(draft.entries),
        opened=draft.opened(),
        changed=changed,
        joins=tuple(draft.joins.values()),
        series=tuple(draft.series.values()),
        tasks_closed=tuple(draft.closed),
        tasks_opened=tuple(draft.tasks.values()),
        sheets=sheets or {},
        polls=tuple(polls_left(draft.definition, draft.facts, changed, draft.acting, draft.actor)),
        compiles=draft.compiles(),
        questions=questions or {},
        answers=answers or {},
        messages=tuple(messages),
        incidents=incidents,
        open_cases=draft.open_cases,
        closes_round=draft.closes_round,
    )


def _vacancies(draft: Draft, owed: list[tuple[TaskFact, Place]]) -> Iterator[IncidentDraft]:
    holders = draft.facts.holders({place for _, place in owed}) if owed else {}
    for task, place in owed:
        if len(holders[place]) < draft.definition.role[place.role].holders:
            yield vacancy(task.id, task.case, place.role, place.unit, len(holders[place]))


def vacancy(task: str, case: str, role: str, unit: str, holders: int) -> IncidentDraft:
    """Make the incident of a task that too few hold."""
    return IncidentDraft(
        kind=IncidentKind.NO_HOLDER,
        subject=task,
        case=case,
        detail={"role": role, "unit": unit, "holders": holders},
    )


def _letters(
    draft: Draft,
    owed: list[tuple[TaskFact, Place]],
    reached: Reached,
    comment: str,
    questions: Mapping[str, tuple[QuestionFact, ...]],
) -> Iterator[MessageDraft]:
    actor = draft.actor.person if draft.actor else None
    busy = {actor}
    for task, place in owed:
        kind = MessageKind.RETURNED if task.case in draft.returned else MessageKind.ASSIGNMENT
        content: dict[str, object] = _happened(draft)
        if comment and _concerns(draft, task.case):
            content["comment"] = comment
        if task.case in questions:
            content["questions"] = [question.text for question in questions[task.case]]
        for person, instead_of in reached[place].items():
            busy.add(person)
            if person != actor:
                yield MessageDraft(
                    person=person,
                    kind=kind,
                    ref=task.id,
                    case=task.case,
                    task=task.id,
                    content=_for_whom(content, instead_of),
                )
    asked = dict.fromkeys(one.text for several in questions.values() for one in several)
    words = comment or "\n".join(asked)  # the same questions may go to several cases
    acted = draft.acting[0] if draft.acting else None
    # One decision is one mail: about the case that was acted upon, else the first it touched.
    for news in sorted(draft.told, key=lambda one: one.case.id != acted):
        for person, instead_of in reached[news.place].items():
            if person not in busy:
                busy.add(person)
                yield _news(draft, news.case, person, words, instead_of)


def _for_whom(content: dict[str, object], instead_of: tuple[int, ...]) -> dict[str, object]:
    """Add whom a substitute gets a mail along with."""
    return {**content, "instead_of": list(instead_of)} if instead_of else content


def _concerns(draft: Draft, case: str) -> bool:
    """Say whether the actor's words are about this case, and not another that set it going."""
    return case in draft.returned or (draft.acting is not None and draft.acting[0] == case)


def _happened(draft: Draft) -> dict[str, object]:
    if draft.acting is None:
        return {}
    moved, transition = draft.acting
    before = draft.facts.case(moved)
    return {
        **done_by(draft.actor),
        "moved": moved,
        "from": before.state if before else None,
        "transition": transition,
    }


def _news(
    draft: Draft, case: CaseFact, person: int, words: str, instead_of: tuple[int, ...]
) -> MessageDraft:
    return MessageDraft(
        person=person,
        kind=MessageKind.DECISION,
        ref=f"{case.id}#{case.version}",
        case=case.id,
        content=_for_whom(
            {
                **_happened(draft),
                "state": case.state,
                **({"comment": words} if words else {}),
            },
            instead_of,
        ),
    )


def alarms(
    leaders: Iterable[int], incidents: Sequence[IncidentDraft], *, about: str | None = None
) -> Iterator[MessageDraft]:
    """Tell those who lead the round of new incidents: one mail to each, about all of them.

    `about` is the case that the mail stands under when the incidents have none.
    """
    first = incidents[0]
    listed = [
        {**one.detail, "kind": one.kind.value, "case": one.case, "subject": one.subject}
        for one in incidents
    ]
    for person in leaders:
        yield MessageDraft(
            person=person,
            kind=MessageKind.INCIDENT,
            ref=first.subject,
            case=first.case or about,
            content={"incidents": listed},
        )
