"""One case: how far it has come, and what I may do with it."""

from starlette.responses import Response

from web.answers import go, page
from web.visit import Visit
from workflow.service import acts, views
from workflow.service.seeing import see_case

__all__ = ["act", "show"]


def show(visit: Visit) -> Response:
    """Show a case that the person may see.

    Raises: NotFound.
    """
    with visit.world.database.read() as connection:
        seen, case = see_case(visit.world, connection, visit.params["case"], visit.email)
        title, state = seen.desk.case_title(case), seen.desk.state_title(case)
    mine = views.task_list(visit.world, email=visit.email, case=case.id)
    return page(visit, "case.html", case=case, title=title, state=state, tasks=mine)


def act(visit: Visit) -> Response:
    """Move a case as the person wishes.

    Raises: NotFound, NoRight, Refused, Stale, BadInput.
    """
    case = visit.params["case"]
    version = visit.form.text("version")
    acts.act(
        visit.world,
        acts.Wish(
            case=case,
            transition=visit.params["transition"],
            email=visit.email,
            comment=visit.form.text("comment"),
            version=int(version) if version.isdecimal() else None,
            request_id=visit.form.text("request") or None,
        ),
    )
    return go(f"/arenden/{case}")
