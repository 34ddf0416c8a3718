"""What a person is told of a mapping: what fits, what almost does, what is missing."""

from collections.abc import Iterator

from documents.sheets.form import NUMBER, SheetForm
from documents.sheets.grid import Fault, Grid, letter_of
from documents.sheets.mapping import Proposal, title_of

__all__ = ["notes_on"]


def notes_on(form: SheetForm, grid: Grid, proposal: Proposal) -> Iterator[Fault]:
    """Tell of each column that needs a person's eye, and of a template that is another."""
    row = grid.rows[proposal.skip - 1].row if proposal.skip else None
    yield from _on_origin(form, grid, proposal)
    for column, key in proposal.suggested.items():
        title = title_of(form, key)
        yield Fault(
            code="suggested_column",
            sv=f"rubriken liknar ”{title}”. Säg om det är den.",
            en=f"the heading resembles “{title}”. Say whether it is that.",
            row=row,
            column=column,
            heading=proposal.heads[column],
            key=key,
        )
    for key, columns in proposal.doubled.items():
        letters = [letter_of(one) for one in columns]
        first, last = ", ".join(letters[:-1]), letters[-1]
        title = title_of(form, key)
        yield Fault(
            code="doubled_column",
            sv=f"Kolumnerna {first} och {last} har samma rubrik, ”{title}”. Välj vilken som"
            " gäller.",
            en=f"The columns {first} and {last} have the same heading, “{title}”. Choose which one"
            " holds.",
            key=key,
        )
    for column in proposal.unknown:
        yield Fault(
            code="unknown_column",
            sv="kolumnen finns inte i tabellen. Välj vad den är, eller låt den vara.",
            en="the column is not in the table. Choose what it is, or leave it.",
            row=row,
            column=column,
            heading=proposal.heads[column],
        )
    for key in proposal.missing:
        yield _missing(form, key)


def _on_origin(form: SheetForm, grid: Grid, proposal: Proposal) -> Iterator[Fault]:
    if proposal.origin == "other":
        told = grid.stamp.table if grid.stamp else ""
        yield Fault(
            code="other_template",
            sv=f"Filen är mallen för en annan tabell ({told}), inte för ”{form.title}”. Se efter"
            " att du valde rätt fil.",
            en=f"The file is the template of another table ({told}), not of “{form.title}”. See"
            " that you chose the right file.",
        )
    elif proposal.origin == "changed":
        yield Fault(
            code="changed_template",
            sv="Tabellens kolumner har ändrats sedan mallen hämtades. Se efter att varje kolumn"
            " hamnar rätt.",
            en="The columns of the table have changed since the template was taken. See that"
            " each column goes where it should.",
        )
    if proposal.by_position:
        yield Fault(
            code="no_headings",
            sv="Det finns ingen rad med rubriker. Kolumnerna är tagna i tabellens ordning; se"
            " efter att de stämmer.",
            en="There is no row of headings. The columns are taken in the order of the table; see"
            " that they are right.",
        )


def _missing(form: SheetForm, key: str) -> Fault:
    title = title_of(form, key)
    if key == NUMBER:
        return Fault(
            code="missing_numbers",
            sv=f"Kolumnen ”{title}” saknas. Alla rader läggs till som nya, och inga ändras.",
            en=f"The column “{title}” is missing. All rows are added as new, and none is changed.",
            key=key,
        )
    return Fault(
        code="missing_column",
        sv=f"Kolumnen ”{title}” saknas. Det som står i den nu lämnas som det är.",
        en=f"The column “{title}” is missing. What stands in it now is left as it is.",
        key=key,
    )
