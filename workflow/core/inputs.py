"""What comes along with a transition: read strictly, checked before it counts.

`data` is what a form, a file or the API sends: a mapping with some of the keys

    questions  ["..."]                  numbered questions to the one who gets it back
    answers    {"1": "..."}             answers by the question's number
    due_on     "2009-03-06"             the day of the new deadline
    choose     ["grupp_a"]              who gets a case, where the opener chooses
    pick       ["norr"]                 which cases go back: their ids, or their units
    rows       {"objekt": [{...}]}      all rows of the tables that are filled in here; "#" in
                                        one is the number of the row that it is
    edits      {"objekt": [["set", 5, 2, {...}]]}     what is wished with single rows of
                                        them; see `sheets`
    decision   {"meeting_on": "...", "paragraph": "...", "present": 7, ...}

A comment alone is taken as the one question that a return asks, or as the answer
when exactly one question is open: that is what people mean by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from workflow.core import plan
from workflow.core.days import say_day
from workflow.core.definition import Definition, State, Transition
from workflow.core.editing import check_edited, raise_wrong, read_edits
from workflow.core.errors import BadInput, Placed, Reason, bad_input, in_words, placed
from workflow.core.facts import CaseFact, Cell, Command, Facts, Inputs, Row
from workflow.core.guards import Situation
from workflow.core.material import is_storable, read_rows
from workflow.core.returning import candidates, names_back

__all__ = ["NUMBER", "check", "payload", "read", "with_comment", "wrong_answers"]

KEYS = ("questions", "answers", "due_on", "choose", "pick", "rows", "edits", "decision")
NUMBER = "#"
"""The key, which no column can have, under which a row says its number."""
YEARS = range(1900, 2301)
"""The years that a day may lie in: a slip of the pen is no deadline."""
MAX_COMMENT = 20_000
MAX_QUESTIONS = 100
MAX_NUMBER = 10**15
"""No number is greater: the log's own form of numbers ends not far above."""


def read(definition: Definition, state: State, command: Command) -> Inputs:
    """Read what came along into values.

    Raises: BadInput that names the key and what it takes.
    """
    data = command.data
    for key in data:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f" Menade du ”{near[0]}”?" if near else ""
            meant = f' Did you mean "{near[0]}"?' if near else ""
            there = ", ".join(KEYS)
            raise bad_input(
                "key",
                f"Okänd nyckel ”{key}” i data.{hint} Det går: {there}.",
                f'Unknown key "{key}" in data.{meant} There is: {there}.',
            )
    if len(command.comment) > MAX_COMMENT:
        raise bad_input(
            "comment",
            f"Kommentaren är för lång: högst {MAX_COMMENT} tecken.",
            f"The comment is too long: {MAX_COMMENT} characters at most.",
        )
    _check_storable("comment", [command.comment])
    rows, numbers = _rows(definition, state, data.get("rows", {}))
    return Inputs(
        questions=_texts(data, "questions"),
        answers=_answers(data.get("answers", {})),
        due_on=_day(data.get("due_on")),
        choose=_texts(data, "choose") if "choose" in data else None,
        pick=_texts(data, "pick"),
        rows=rows,
        numbers=numbers,
        edits=read_edits(definition, state, data.get("edits", {})),
        decision=_decision(data.get("decision", {})),
    )


def with_comment(
    facts: Facts, case: CaseFact, command: Command, move: Transition, taken: Inputs
) -> Inputs:
    """Take a comment as the question or the answer that it is, when there is but one."""
    comment = command.comment.strip()
    if not comment:
        return taken
    if "questions" in move.asks:
        return taken if taken.questions else replace(taken, questions=(comment,))
    if taken.answers or case.version == 1 or move.by is not None or move.to == case.state:
        return taken
    unanswered = [q.number for q in facts.questions(case.id) if q.answer is None]
    return replace(taken, answers={unanswered[0]: comment}) if len(unanswered) == 1 else taken


def check(situation: Situation, comment: str) -> None:
    """Demand what the transition asks for, and that what came along can be used.

    Raises: BadInput with every reason.
    """
    wrong = list(_lacking(situation, comment))
    if wrong:
        raise BadInput(*in_words(wrong), reasons=wrong)


def _lacking(situation: Situation, comment: str) -> Iterable[Reason]:
    inputs, move = situation.inputs, situation.transition
    if "comment" in move.asks and not comment.strip():
        yield placed("comment", "comment", "Skriv varför.", "Say why.")
    if "questions" in move.asks and not inputs.questions:
        yield placed(
            "questions", "questions", "Skriv minst en fråga.", "Write at least one question."
        )
    if "date" in move.asks and inputs.due_on is None:
        yield Placed(
            "date",
            "Ange den nya dagen (due_on).",
            "Give the new day (due_on).",
            place="due_on",
            here_sv="Skriv den nya dagen, till exempel 6 mars.",
            here_en="Write the new day, for example 6 March.",
        )
    today = plan.local_day(situation.now, situation.revision.definition.zone)
    if inputs.due_on and inputs.due_on < today:
        sv, en = say_day(inputs.due_on, today=today), say_day(inputs.due_on, "en", today=today)
        passed = f"Dagen {sv} har passerat.", f"The day {en} has passed."
        yield placed("date", "due_on", *passed)
    yield from _uninvited(situation)
    state = situation.state
    yield from wrong_answers(situation.facts, situation.case, state, inputs.answers)
    yield from _wrong_choice(situation)
    ended = candidates(situation.facts, situation.case, move)
    if ended and not names_back(situation, ended):
        units = ", ".join(child.unit for child in ended)
        yield Placed(
            "pick",
            f"Välj vilka som ska gå tillbaka (pick). Avslutade: {units}.",
            f"Pick which go back (pick). Ended: {units}.",
            place="pick",
            here_sv="Välj minst en som ska gå tillbaka.",
            here_en="Pick at least one that goes back.",
        )


def _uninvited(situation: Situation) -> Iterable[Reason]:
    """Refuse what the transition has no place for: it would bind the next one unasked."""
    inputs, move = situation.inputs, situation.transition
    back = "questions" in move.asks or bool(move.reopens)
    owns = move.by is None
    for key, given, invited in (
        ("due_on", inputs.due_on, back or "date" in move.asks),
        ("questions", inputs.questions, "questions" in move.asks),
        ("pick", inputs.pick, bool(move.reopens)),
        ("rows", inputs.rows, owns),
        ("edits", inputs.edits, owns),
        ("answers", inputs.answers, owns),
    ):
        if given and not invited:
            yield Reason(
                key,
                f"{key} följer inte med ”{move.title}”.",
                f'{key} does not go with "{move.title}".',
            )


def wrong_answers(
    facts: Facts, case: CaseFact, state: State, answers: Mapping[int, str]
) -> Iterable[Reason]:
    """Give what is wrong with answers: no such question, one taken away again, or one that
    was handed on: it is changed only where something is filled in."""
    if not answers:
        return
    asked = {question.number: question for question in facts.questions(case.id)}
    for number, text in answers.items():
        if number not in asked:
            none = f"Det finns ingen fråga {number}.", f"No question {number}."
            yield placed("answers", f"fraga.{number}", *none)
        elif not text and asked[number].answer:
            sv = "Ett svar kan ändras men inte tas bort. Det förra är kvar."
            en = "An answer can be changed but not removed. The earlier one is still there."
            yield placed("answers", f"fraga.{number}", sv, en)
        elif asked[number].answer not in (None, text) and not state.edits:
            sv = "Svaret är lämnat vidare och kan inte ändras i det här steget."
            en = "The answer was handed on and cannot be changed in this step."
            yield placed("answers", f"fraga.{number}", sv, en)


def _wrong_choice(situation: Situation) -> Iterable[Reason]:
    inputs = situation.inputs
    if not inputs.choose:
        return
    definition = situation.revision.definition
    target = situation.kind.state.get(situation.transition.to)
    kinds = [k for name in (target.opens if target else ()) for k in definition.case[name].choose]
    there = {unit.key for unit in situation.facts.units(kinds)} if kinds else set()
    for unit in inputs.choose:
        if unit not in there:
            known = ", ".join(sorted(there)) or "inga"
            yield placed(
                "choose",
                "choose",
                f"”{unit}” går inte att välja. Det går: {known}.",
                f'"{unit}" cannot be chosen. There are: {known}.',
            )


def payload(comment: str, inputs: Inputs) -> dict[str, object]:
    """Give what an entry keeps of what came along; nothing that is empty."""
    told: dict[str, object] = {
        "comment": comment,
        "questions": list(inputs.questions),
        "answers": {str(number): text for number, text in inputs.answers.items() if text},
        "due_on": inputs.due_on.isoformat() if inputs.due_on else "",
        "choose": list(inputs.choose) if inputs.choose else "",
        "chose_none": inputs.choose == (),
        "pick": list(inputs.pick),
        "decision": dict(inputs.decision),
    }
    return {key: value for key, value in told.items() if value not in ("", [], {}, False)}


# ---- reading ---------------------------------------------------------------------------


def _texts(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise bad_input(key, f"{key} är en lista av texter.", f"{key} is a list of texts.")
    if len(value) > MAX_QUESTIONS * 100 or any(len(one) > MAX_COMMENT for one in value):
        raise bad_input(key, f"{key} är för långt.", f"{key} is too long.")
    _check_storable(key, value)
    return tuple(one.strip() for one in value if one.strip())


def _answers(value: object) -> dict[int, str]:
    form = '{"1": "..."}'
    wrong = bad_input(
        "answers",
        f"answers är svar per frågenummer: {form}.",
        f"answers are answers by the question's number: {form}.",
    )
    if not isinstance(value, dict):
        raise wrong
    answers = {}
    for number, text in value.items():
        is_number = str(number).isdecimal() and len(str(number)) < 10
        if not is_number or not isinstance(text, str) or len(text) > MAX_COMMENT:
            raise wrong
        answers[int(number)] = text.strip()
    _check_storable("answers", answers.values())
    return answers


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise bad_input(
            "due_on",
            f"”{value}” är ingen dag; skriv till exempel 2009-03-06.",
            f'"{value}" is no day; write for example 2009-03-06.',
        )
    return day


def _rows(
    definition: Definition, state: State, value: object
) -> tuple[dict[str, tuple[Row, ...]], dict[str, tuple[int | None, ...]]]:
    if not isinstance(value, dict):
        form = '{"objekt": [{...}]}'
        raise bad_input(
            "rows", f"rows är rader per tabell: {form}.", f"rows are rows by table: {form}."
        )
    read_all: dict[str, tuple[Row, ...]] = {}
    numbers: dict[str, tuple[int | None, ...]] = {}
    wrong: list[Reason] = []
    for key, raw in value.items():
        check_edited(state, key)
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise bad_input("rows", f"{key} är en lista av rader.", f"{key} is a list of rows.")
        numbers[key] = _numbers(key, raw)
        cells = [{name: cell for name, cell in row.items() if name != NUMBER} for row in raw]
        read_all[key], refused = read_rows(definition, definition.table[key], cells)
        wrong += refused
    raise_wrong(wrong)
    return read_all, numbers


def _numbers(key: str, raw: list[dict[str, object]]) -> tuple[int | None, ...]:
    given = [row.get(NUMBER) for row in raw]
    named = [number for number in given if number is not None]
    if len(set(map(str, named))) < len(named) or not all(type(one) is int for one in named):
        raise bad_input(
            "rows",
            f"Radnumren i {key} är inga nummer, eller så står ett två gånger.",
            f"The row numbers in {key} are no numbers, or one is there twice.",
        )
    return tuple(number if isinstance(number, int) else None for number in given)


def _decision(value: object) -> Mapping[str, Cell]:
    if not isinstance(value, dict) or not all(_is_plain(one) for one in value.values()):
        raise bad_input(
            "decision",
            "decision är enkla värden: meeting_on, paragraph, present ...",
            "decision are plain values: meeting_on, paragraph, present ...",
        )
    _check_storable("decision", map(str, (*value, *value.values())))
    _day(value.get("meeting_on"))
    return value


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_COMMENT
    return value is None or (isinstance(value, int) and abs(value) <= MAX_NUMBER)


def _check_storable(key: str, texts: Iterable[str]) -> None:
    if not all(is_storable(text) for text in texts):
        raise bad_input(
            key,
            f"{key} har tecken som inte går att spara.",
            f"{key} has characters that cannot be saved.",
        )
