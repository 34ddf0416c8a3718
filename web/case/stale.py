"""What was typed on the page of a case that has changed meanwhile: nothing of it is lost.

What somebody else saved and what was typed are put together, cell by cell; where they
differ the page says so. What has no field any more is given back to be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from web.case.form import Typed, with_rows
from web.case.show import Look, Lost
from web.visit import Visit
from workflow.core.merging import Note, Texts, merge
from workflow.core.merging import Typed as TypedRow
from workflow.service.reading.cases.case import CasePage
from workflow.service.reading.cases.since import Since
from workflow.service.reading.cases.tables import TableView

__all__ = ["merged"]


def merged(visit: Visit, page: CasePage, typed: Typed, since: Since) -> Look:
    """Put what was typed on top of what is there now, with what the others wrote beside it.

    What has no field any more is given back to be read.
    """
    by_oneself = bool(since.happened) and all(one.mine and one.saved for one in since.happened)
    notes: dict[str, str] = {}
    gone: list[str] = []
    tables = {}
    material = page.material
    for table in material.tables if material and material.writes else ():
        if table.key in typed.tables:
            base: Sequence[Texts] = since.tables.get(table.key, ())
            mine = typed.tables[table.key]
            if by_oneself:
                base, mine = _same_rows(base, table.rows, mine)
            found = merge(base, table.rows, mine)
            tables[table.key] = found.rows
            for note in found.notes:
                _tell(visit, table, note, notes, gone)
    answers = _answers(visit, page, typed, since, notes)
    whole = replace(with_rows(typed, tables), answers=answers)
    return Look(
        typed=whole,
        notes=notes,
        gone=tuple(gone),
        since=since,
        lost=tuple(_lost(visit, page, typed)),
        status=409,
    )


def _same_rows(
    base: Sequence[Texts], now: Sequence[Texts], mine: Sequence[TypedRow]
) -> tuple[Sequence[Texts], tuple[TypedRow, ...]]:
    """Take new rows for those that one has saved oneself since: the form was sent again."""
    saved = iter(range(len(base) + 1, len(now) + 1))
    paired = tuple(row if row.of else replace(row, of=next(saved, None)) for row in mine)
    again = sum(before.of != after.of for before, after in zip(mine, paired, strict=True))
    return [*base, *({} for _ in range(again))], paired


def _tell(
    visit: Visit, table: TableView, note: Note, notes: dict[str, str], gone: list[str]
) -> None:
    row = f"rad.{table.key}.{note.row}"
    if note.what == "gone":
        gone.append(note.theirs)
    elif note.what == "added":
        notes[row] = visit.text("Ny rad, sparad medan du skrev.", "New row, saved as you wrote.")
    elif note.what == "kept":
        notes[row] = visit.text(
            "Den ena tog bort raden och den andra ändrade den. Därför är den kvar.",
            "One took the row away and the other changed it. So it is still here.",
        )
    elif note.what == "taken":
        notes[f"{row}.{note.column}"] = visit.text(
            "Ändrat av någon annan medan du skrev. Det nya står här.",
            "Changed by somebody else as you wrote. The new text is here.",
        )
    else:
        shown = note.theirs or visit.text("(tomt)", "(empty)")
        notes[f"{row}.{note.column}"] = visit.text(
            f"Sparat medan du skrev: ”{shown}” Ditt står kvar i rutan.",
            f'Saved as you wrote: "{shown}" Yours is still in the field.',
        )


def _answers(
    visit: Visit, page: CasePage, typed: Typed, since: Since, notes: dict[str, str]
) -> dict[int, str]:
    """Keep the answers that were typed; what was not touched is as it is now."""
    material = page.material
    stored = {
        one.number: one.answer or ""
        for asking in (material.askings if material else ())
        for one in asking.questions
    }
    kept = {}
    for number, text in typed.answers.items():
        was, now = since.answers.get(number, ""), stored.get(number, "")
        if text.strip() == was:
            continue
        kept[number] = text
        if now not in (was, text.strip()):
            notes[f"svar.{number}"] = visit.text(
                f"Sparat medan du skrev: ”{now}” Ditt står kvar i rutan.",
                f'Saved as you wrote: "{now}" Yours is still in the field.',
            )
    return kept


def _lost(visit: Visit, page: CasePage, typed: Typed) -> Iterator[Lost]:
    """Give what was typed and has no field on the page as it is now."""
    material = page.material
    writes = material is not None and material.writes
    stored = {table.key: table.rows for table in material.tables} if material else {}
    labels = material.labels if material else {}
    buttons = {one.key for one in material.choices if one.mine} if material else set()
    for name, text in typed.form.fields:
        first, _, rest = name.partition(".")
        if not text.strip():
            continue
        if first == "rad" and name.count(".") > 2:
            table, number, column = rest.split(".", 2)
            if table not in typed.tables and text.strip() not in _cells(stored, table, column):
                row = visit.text(f"rad {number}", f"row {number}")
                yield Lost(f"{labels.get(f'{table}.{column}', column)}, {row}", text)
        elif first == "svar" and not writes:
            yield Lost(visit.text(f"Svar på fråga {rest}", f"Answer to question {rest}"), text)
        elif first == "varfor" and not writes:
            yield Lost(visit.text("Skäl", "Reason"), text)
        elif rest in WRITTEN and first not in buttons:
            yield Lost(visit.text(*WRITTEN[rest]), text)


def _cells(
    stored: Mapping[str, Sequence[Mapping[str, str]]], table: str, column: str
) -> Iterator[str]:
    return (row.get(column, "") for row in stored.get(table, ()))


WRITTEN = {
    "comment": ("Kommentar", "Comment"),
    "question": ("Fråga", "Question"),
    "due_on": ("Ny dag", "New day"),
    "meeting_on": ("Sammanträdesdag", "Day of the meeting"),
    "paragraph": ("Paragraf", "Paragraph"),
    "reservations": ("Reservationer", "Reservations"),
}
"""What is called what, Swedish and English."""
