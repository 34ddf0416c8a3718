"""Entries of the log in words: who did what, and what was said with it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from workflow.core import phrases, plan
from workflow.core.copies import seen_in
from workflow.core.days import say_day
from workflow.core.facts import CaseFact, EntryKind
from workflow.service.reading.past.deed_words import VIA, WORDS, Both
from workflow.service.reading.past.event import Event, Kind, Said
from workflow.service.reading.past.knowledge import Knowledge
from workflow.service.reading.past.reader import KINDS, Reader
from workflow.service.reading.rounds.kin import name_round
from workflow.store.history import Line

__all__ = ["tell_line"]

COUNTED: Final[Mapping[str, Both]] = {
    "present": ("närvarande", "present"),
    "votes_for": ("röster för", "votes for"),
    "votes_against": ("röster emot", "votes against"),
    "abstained": ("avstår", "abstaining"),
    "reservations": ("reservationer:", "reservations:"),
}
"""What a body with minutes registers besides its day and paragraph."""
LINE: Final = ("linjen flyttad", "the line moved")
_BY_ITSELF: Final = frozenset({EntryKind.NEXT, EntryKind.AT_DUE, EntryKind.HANDED_OVER})
"""What nobody did, whoever's act it followed upon."""


def tell_line(known: Knowledge, line: Line) -> Event:
    """Tell an entry."""
    reader = known.reader
    case = reader.case(line.case)
    reads = reader.reads(case)
    payload = _seen(reader, case, line.payload or {})
    desk = reader.seen.desk if reader.seen else None
    by_itself = line.kind in _BY_ITSELF
    who = "" if by_itself else known.who(line)
    return Event(
        at=line.at,
        on=plan.local_day(line.at, reader.zone),
        kind=KINDS.get(line.kind, Kind.UPKEEP),
        entry=line.kind.value,
        round=reader.chain if desk else "",
        round_title=desk.round_title if desk else "",
        number=line.number,
        what=_what(known, replace(line, payload=payload), case, who, reads=reads),
        who=who,
        via="" if by_itself else _via(known, line),
        case=case.id if case else "",
        case_title=desk.case_title(case) if desk and case else "",
        unit=desk.unit_name(case.unit) if desk and case else "",
        from_title=_state(known, case, line.from_state),
        to_title=_state(known, case, line.to_state),
        lap=known.lap(line),
        said=tuple(_said(known, payload)) if reads else (),
        disposed=known.disposals.get(line.number, "") if line.payload is None else "",
    )


def _seen(reader: Reader, case: CaseFact | None, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what an entry tells, without what stands in copies that the reader does not see."""
    if reader.seen is None or case is None:
        return payload
    actor = reader.seen.actor
    owners = {actor.person, *(one.person for one in actor.stands_in_for)}
    return seen_in(reader.seen.definition, case, payload, owners)


def _both(known: Knowledge, words: Both) -> str:
    return words[1] if known.language == "en" else words[0]


def _via(known: Knowledge, line: Line) -> str:
    way = _both(known, VIA[line.via]) if line.via in VIA else line.via
    return f"{way} ({line.os_user})" if line.os_user and known.reader.leads else way


def _state(known: Knowledge, case: CaseFact | None, state: str | None) -> str:
    if case is None or state is None or known.reader.seen is None:
        return ""
    return known.reader.seen.desk.state_title(replace(case, state=state))


# ---- what ------------------------------------------------------------------------------


def _what(known: Knowledge, line: Line, case: CaseFact | None, who: str, *, reads: bool) -> str:
    if line.kind in (EntryKind.TRANSITION, EntryKind.SIGNED):
        told = _deed(known, line, case, who) + _also(known, line)
        counts = ", ".join(_counts(known, line.payload or {})) if reads else ""
        return f"{told}, {counts}" if counts else told
    named, unnamed = WORDS[line.kind]
    words = _both(known, named if who else unnamed)
    told = _first_upper(words.format(**_values(known, line, case, reads=reads), who=who))
    told += _also(known, line)
    return f"{told}, {_both(known, LINE)}" if reads and _moves_line(line.payload) else told


def _also(known: Knowledge, line: Line) -> str:
    """Tell of the other round where an entry opened one, or was opened by one."""
    payload = line.payload or {}
    new = _round(known, _mapping(payload.get("begun")))
    if new:
        return _both(known, (f" och öppnade {new}", f" and opened {new}"))
    before = _round(known, _mapping(payload.get("begun_by")))
    if before:
        return _both(known, (f", som fortsättning på {before}", f", going on from {before}"))
    return ""


def _round(known: Knowledge, told: Mapping[str, Any]) -> str:
    """Name the round that a payload tells of; empty when it tells of none."""
    name = told.get("round")
    if not isinstance(name, str):
        return ""
    return name_round(known.reader.connection, name, known.language)


def _deed(known: Knowledge, line: Line, case: CaseFact | None, who: str) -> str:
    """Tell what a person did with a case, in the definition's own words where it has them."""
    seen = known.reader.seen
    key = line.transition or ""
    title, done = key, ""
    if seen and case:
        state = seen.definition.case[case.kind].state.get(line.from_state or "")
        transition = state.transition.get(key) if state else None
        if transition:
            year = seen.facts.round.year
            title = phrases.fill(seen.revision.title(transition, known.language), year=year)
            own = transition.done or ""
            done = seen.revision.text(f"{transition.path}.done", own, known.language)
    signed = line.kind is EntryKind.SIGNED
    if known.language == "en":
        deed = f'signed "{title}"' if signed else done or f'chose "{title}"'
    else:
        deed = f"skrev under ”{title}”" if signed else done or f"valde ”{title}”"
    return f"{who} {deed}" if who else title


def _counts(known: Knowledge, payload: Mapping[str, Any]) -> Iterator[str]:
    """Say how much came along."""
    rows = sum(len(one) for one in _mapping(payload.get("rows")).values())
    edits = [edit for told in _mapping(payload.get("sheets")).values() for edit in told]
    added = {edit[1] for edit in edits if edit[0] == "add"}
    changed = len({edit[1] for edit in edits if edit[0] not in ("why", "line", "count")} - added)
    rows += len(added)
    for count, one, many in (
        (rows, ("rad", "row"), ("rader", "rows")),
        (changed, ("ändrad rad", "changed row"), ("ändrade rader", "changed rows")),
        (len(_texts(payload.get("questions"))), ("fråga", "question"), ("frågor", "questions")),
        (len(_mapping(payload.get("answers"))), ("svar", "answer"), ("svar", "answers")),
    ):
        if count:
            yield f"{count} {_both(known, one if count == 1 else many)}"
    if _moves_line(payload):
        yield _both(known, LINE)


def _moves_line(payload: Mapping[str, Any] | None) -> bool:
    sheets = _mapping((payload or {}).get("sheets")).values()
    return any(edit[0] == "line" for told in sheets for edit in told)


def _values(known: Knowledge, line: Line, case: CaseFact | None, *, reads: bool) -> dict[str, str]:
    """Give what the gaps of a kind's words are filled with."""
    payload = line.payload or {}
    role, unit = _owes(known, payload)
    file = payload.get("name") if reads else None
    title, day = _milestone(known, payload)
    nobody = _both(known, ("någon", "somebody"))
    return {
        "to": _state(known, case, line.to_state),
        "day": day or _day(known, payload.get("until_on") or payload.get("to_on")),
        "title": title,
        "role": role,
        "unit": unit,
        "file": str(file) if file else _both(known, ("en fil", "a file")),
        "row": _row(known, payload if reads else {}),
        "answered": str(_mapping(payload.get("counted")).get("answered", "")),
        "asked": str(_mapping(payload.get("counted")).get("asked", "")),
        "decision": str(payload.get("decision", "")),
        "round": _round(known, _mapping(payload.get("carried"))),
        "person": known.names.get(_number(payload, "person", "person_id"), nobody),
        "substitute": known.names.get(_number(payload, "substitute_id"), nobody),
    }


def _row(known: Knowledge, payload: Mapping[str, Any]) -> str:
    """Name the row that an entry is about."""
    name = payload.get("name")
    if not isinstance(name, str):
        return _both(known, ("en rad", "a row"))
    return _both(known, (f"”{name}”", f'"{name}"'))


def _owes(known: Knowledge, payload: Mapping[str, Any]) -> tuple[str, str]:
    seen, owes = known.reader.seen, payload.get("owes")
    if seen is None or not isinstance(owes, list) or len(owes) != 2:
        return "", ""
    role = seen.definition.role.get(owes[0])
    title = seen.revision.title(role, known.language) if role else str(owes[0])
    return title, seen.desk.unit_name(owes[1])


def _milestone(known: Knowledge, payload: Mapping[str, Any]) -> tuple[str, str]:
    """Name the milestone that somebody moved, and the day it was moved to; the others
    follow it."""
    seen = known.reader.seen
    moved = _mapping(payload.get("milestones"))
    by_hand = [key for key, told in moved.items() if _mapping(told).get("set_by_hand")]
    keys = [key for key in by_hand or moved if seen and key in seen.definition.milestone]
    if seen is None or not keys:
        return "", ""
    titles = (seen.revision.title(seen.definition.milestone[k], known.language) for k in keys)
    year = seen.facts.round.year
    named = ", ".join(phrases.fill(title, year=year) for title in titles)
    return named, _day(known, _mapping(moved[keys[0]]).get("last_on"))


def _day(known: Knowledge, text: object) -> str:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return _both(known, ("en annan dag", "another day"))
    return say_day(day, known.language, today=known.reader.today)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- what was said ---------------------------------------------------------------------


def _said(known: Knowledge, payload: Mapping[str, Any]) -> Iterator[Said]:
    comment = payload.get("comment") or payload.get("text")
    if isinstance(comment, str):
        yield Said(as_="comment", text=comment)
    for number, text in enumerate(_texts(payload.get("questions")), start=1):
        yield Said(as_="question", text=text, number=number)
    answers = _mapping(payload.get("answers"))
    for key in sorted(answers, key=lambda one: (len(one), one)):
        yield Said(as_="answer", text=str(answers[key]), number=int(key) if key.isdigit() else 0)
    decided = [*_decided(known, _mapping(payload.get("decision")))]
    decision = ", ".join([*decided, *_met(known, _mapping(payload.get("quorum")))])
    if decision:
        yield Said(as_="decision", text=decision)
    if isinstance(payload.get("secrecy"), str) and payload["secrecy"]:
        yield Said(as_="secrecy", text=payload["secrecy"])


def _decided(known: Knowledge, decision: Mapping[str, Any]) -> Iterator[str]:
    if decision.get("paragraph"):
        yield f"§\u00a0{str(decision['paragraph']).removeprefix('§').strip()}"
    if decision.get("meeting_on"):
        day = _day(known, decision["meeting_on"])
        yield _both(known, (f"sammanträde {day}", f"meeting {day}"))
    for key, words in COUNTED.items():
        if decision.get(key) not in (None, ""):
            yield f"{_both(known, words)} {decision[key]}"


def _met(known: Knowledge, told: Mapping[str, Any]) -> Iterator[str]:
    """Say how many of how many were present, where a quorum was demanded."""
    if told:
        members, needed = told.get("members"), told.get("needed")
        yield _both(known, (f"av {members}, {needed} behövs", f"of {members}, {needed} needed"))


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(payload: Mapping[str, Any], *keys: str) -> int:
    found = [payload[key] for key in keys if isinstance(payload.get(key), int)]
    return int(found[0]) if found else 0
