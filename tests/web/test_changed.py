"""Since a return: what was changed, row by row and field by field, for whoever reads it."""

from tests.web.browsing import Guest, words
from tests.web.cases import visit
from workflow.service.acts import Wish
from workflow.service.saving import save

ROW = {"tillstand": "Knäartros", "atgard": "Artroskopi", "typ": "effektivisering"}


def returned(guest: Guest) -> tuple[str, str, str]:
    """Hand in two rows and send them back; gives the case, its chief and the superior."""
    stage = guest.stage
    unit = stage.units("verksamhet")[0]
    case, chief, boss = stage.case("underlag", unit), stage.chief(unit), stage.boss(unit)
    rows = {"objekt": [ROW, {**ROW, "tillstand": "Åderbråck"}]}
    stage.hand_in(unit, data={"rows": rows})
    stage.act(case, "aterlamna", boss, data={"questions": ["Hur många?"]})
    return case, chief, boss


def edit(guest: Guest, case: str, email: str, *edits: list[object]) -> None:
    """Save edits of single rows."""
    data = {"edits": {"objekt": list(edits)}}
    save(guest.stage.world, Wish(case=case, transition="", email=email, data=data))


def test_what_was_changed_after_a_return_is_shown(guest: Guest) -> None:
    """A changed cell with what stood there, a new row, and one that is gone."""
    case, chief, boss = returned(guest)
    edit(
        guest,
        case,
        chief,
        ["set", 1, 1, {"volym": 60, "typ": "bortval", "motivering": "Ingen nytta."}],
        ["drop", 2, 1],
        ["add", None, {**ROW, "tillstand": "Snarkning"}],
    )

    page = visit(guest, boss, case)

    told = words(page.soup.find(id="andrat"))
    assert "Prioriteringsobjekt, rad 1: Knäartros" in told
    assert "Patienter per år: 60" in told
    assert "Typ: Effektivisering Bortval" in told
    assert "rad 2: Åderbråck (borttagen)" in told
    assert "rad 2: Snarkning (ny rad)" in told


def test_nothing_is_told_where_nothing_was_sent_back_or_changed(guest: Guest) -> None:
    """Before the first return, and right after it."""
    stage = guest.stage
    unit = stage.units("verksamhet")[1]
    first = visit(guest, stage.chief(unit), stage.case("underlag", unit))
    case, chief, _ = returned(guest)
    second = visit(guest, chief, case)

    assert None is first.soup.find(id="andrat")
    assert None is second.soup.find(id="andrat")


def test_hostile_text_in_a_changed_row_stays_text(guest: Guest) -> None:
    """What somebody writes becomes no markup here either."""
    case, chief, boss = returned(guest)
    edit(guest, case, chief, ["set", 1, 1, {"tillstand": "<b>x</b>"}])

    page = visit(guest, boss, case)

    assert None is page.soup.find(id="andrat").find(string="x")
    assert "<b>x</b>" in words(page.soup.find(id="andrat"))
