"""Facts to write letters from. All people, units and numbers are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from notifications.letter import compose_letter
from notifications.render import render
from workflow.core.facts import IncidentKind, MessageKind
from workflow.core.mail import MailFacts, MailIncident, MailInvitation, MailTask, Progress

BASE_URL = "https://beredning.region.example"
SENDER = "beredning@region.example"
INSTALLATION = "Region Älvmark"
TODAY = date(2009, 2, 24)
ROUND = "prioritering-2010"
ROUND_TITLE = "Prioriteringar inför budget 2010"


def a_task(**changes: Any) -> MailTask:
    """Give a holder's open task, due in three working days."""
    task = MailTask(
        task=f"{ROUND}.underlag.ortopedi#3",
        case=f"{ROUND}.underlag.ortopedi",
        round=ROUND,
        round_title=ROUND_TITLE,
        title="Underlag Ortopedi",
        unit="Ortopedi",
        state="Utkast",
        recipient="holder",
        owed_by=("Anna Lindqvist",),
        due_on=date(2009, 2, 27),
        due_at=datetime(2009, 2, 27, 23, tzinfo=UTC),
        working_days=3,
    )
    return replace(task, **changes)


def some_facts(kind: MessageKind = MessageKind.REMINDER, **changes: Any) -> MailFacts:
    """Give facts of one message to Anna Lindqvist; a reminder of one task unless told."""
    facts = MailFacts(
        kind=kind,
        message_id=f"000123-{kind}-anna@region.example",
        put_at=datetime(2009, 2, 24, 6, 30, tzinfo=UTC),
        to_name="Anna Lindqvist",
        to_email="anna.lindqvist@region.example",
        language="sv",
        round=ROUND,
        round_title=ROUND_TITLE,
        reference="RS 2008/0148",
        leader_name="Helena Sandgren",
        leader_email="helena.sandgren@region.example",
        today=TODAY,
        tasks=(a_task(),),
    )
    return replace(facts, **changes)


def mail_of(facts: MailFacts) -> bytes:
    """Write the mail as the service does."""
    letter = compose_letter(facts, BASE_URL)
    return render(letter, facts, sender=SENDER, installation=INSTALLATION)


def on(day: date) -> dict[str, object]:
    """Give what changes in facts that are told on another day."""
    return {"today": day, "put_at": datetime.combine(day, time(6, 30), UTC)}


LATE = a_task(
    case=f"{ROUND}.underlag.urologi",
    title="Underlag Urologi",
    unit="Urologi",
    due_on=date(2009, 2, 20),
    working_days=-2,
    rows=4,
    open_questions=1,
)
ROLLED = a_task(planned_on=date(2009, 2, 28), rows=4, open_questions=1)
TOGETHER = a_task(
    case=f"{ROUND}.avstamning.kirurgcentrum",
    title="Avstämning Kirurgcentrum",
    unit="Kirurgcentrum",
    state="Driftenhetschefen sammanställer",
    owed_by=("Anna Lindqvist", "Bo Alm"),
    due_on=date(2009, 3, 13),
    planned_on=date(2009, 3, 15),
    working_days=13,
    progress=Progress(done=3, total=7),
)
NO_DATE = a_task(
    case=f"{ROUND}.omgang",
    is_round=True,
    title="Prioriteringsomgång",
    unit="Landstinget",
    state="Politiskt ställningstagande",
    due_on=None,
    due_at=None,
    working_days=None,
)
NEXT_ROUND = a_task(
    case="prioritering-2011.omgang",
    round="prioritering-2011",
    round_title="Prioriteringar inför budget 2011",
    title="Prioriteringsomgång",
    is_round=True,
    state="Planen fastställs",
    unit="Landstinget",
    due_on=date(2010, 1, 7),
    working_days=214,
    planned_on=date(2010, 1, 6),
)
OF_OTHERS = a_task(
    case=f"{ROUND}.underlag.urologi",
    title="Underlag Urologi",
    unit="Urologi",
    recipient="superior",
    owed_by=("Sara Hallberg",),
    due_on=date(2009, 2, 19),
    working_days=-3,
    rows=4,
)
NOBODYS = a_task(
    case=f"{ROUND}.underlag.vc_ekdalen",
    title="Underlag Vårdcentral Ekdalen",
    unit="Vårdcentral Ekdalen",
    recipient="leader",
    owed_by=(),
    due_on=date(2009, 2, 23),
    working_days=-1,
)
TRAINING = MailInvitation(
    milestone="utbildning",
    title="Utbildning med Prioriteringscentrum",
    round=ROUND,
    round_title=ROUND_TITLE,
    first_on=date(2009, 3, 3),
    last_on=date(2009, 3, 3),
    whole_month=False,
    working_days=5,
)
SOMETIME = replace(
    TRAINING,
    first_on=date(2009, 4, 1),
    last_on=date(2009, 4, 30),
    whole_month=True,
    working_days=26,
)
ASSEMBLY = replace(
    TRAINING,
    milestone="budgetbeslut",
    title="Beslut om budget 2010",
    first_on=date(2009, 6, 16),
    last_on=date(2009, 6, 17),
    working_days=76,
)
OWN_TEXT = """Ledningsgruppen har gett alla verksamheter i uppdrag att föreslå
vad som kan väljas bort och vad som bör satsas på.

- minst fem rader
- som tillsammans frigör
  tio procent av budgeten
- ett skäl på varje rad

Förra årets rader ligger kvar att utgå från."""
HOSTILE = "Åsa\r\nBcc: alla@region.example\u2028{{7*7}}{% raise %}\x00<script>”'\"\u202e😀"
LONG = "Underlag för den samlade ögonsjukvården i länets norra och västra delar"

FACTS: dict[str, MailFacts] = {
    "reminder": some_facts(tasks=(ROLLED,), rehearsal=True),
    "reminder-late": some_facts(tasks=(LATE,)),
    "reminder-today": some_facts(tasks=(a_task(due_on=TODAY, working_days=0),)),
    "reminder-no-date": some_facts(tasks=(NO_DATE,)),
    "reminder-digest": some_facts(
        tasks=(LATE, ROLLED, TOGETHER, NO_DATE), invitations=(TRAINING, SOMETIME)
    ),
    "reminder-rounds": some_facts(tasks=(LATE, ROLLED, NEXT_ROUND), late_days=3),
    "reminder-and-others": some_facts(tasks=(ROLLED, OF_OTHERS), leader_name="", leader_email=""),
    "reminder-invitation": some_facts(tasks=(), invitations=(TRAINING,)),
    "reminder-invitation-month": some_facts(tasks=(), invitations=(SOMETIME,), late_days=1),
    "reminder-invitations": some_facts(tasks=(), invitations=(TRAINING, ASSEMBLY)),
    "reminder-long": some_facts(
        tasks=(replace(ROLLED, title=LONG),), round_title="Strategiska prioriteringar " * 4
    ),
    "reminder-hostile": some_facts(
        tasks=(replace(ROLLED, title=HOSTILE, unit=HOSTILE, state=HOSTILE, owed_by=(HOSTILE,)),),
        to_name=HOSTILE,
        leader_name=HOSTILE,
        reference=HOSTILE,
        round_title=HOSTILE,
        own_text=HOSTILE,
    ),
    "reminder-next-year": some_facts(
        tasks=(replace(NEXT_ROUND, title="Underlag Hud", is_round=False),), **on(date(2009, 12, 22))
    ),
    "escalation": some_facts(
        MessageKind.ESCALATION,
        to_name="Bo Alm",
        to_email="bo.alm@region.example",
        tasks=(OF_OTHERS,),
    ),
    "escalation-nobody": some_facts(
        MessageKind.ESCALATION,
        to_name="Helena Sandgren",
        to_email="helena.sandgren@region.example",
        tasks=(NOBODYS,),
    ),
    "escalation-no-date": some_facts(
        MessageKind.ESCALATION,
        tasks=(replace(OF_OTHERS, due_on=None, due_at=None, working_days=None),),
    ),
    "escalation-many": some_facts(
        MessageKind.ESCALATION, tasks=(OF_OTHERS, replace(NOBODYS, recipient="superior"))
    ),
    "assignment": some_facts(
        MessageKind.ASSIGNMENT, tasks=(ROLLED,), own_text=OWN_TEXT, rehearsal=True
    ),
    "assignment-after": some_facts(
        MessageKind.ASSIGNMENT,
        tasks=(TOGETHER,),
        by="Per Nyström",
        happened="Godkänn underlaget",
        comment="Två rader är osäkra.\n\nSe bilagan.",
    ),
    "assignment-no-date": some_facts(MessageKind.ASSIGNMENT, tasks=(NO_DATE,)),
    "returned": some_facts(
        MessageKind.RETURNED,
        tasks=(replace(ROLLED, open_questions=2, planned_on=None),),
        by="Bo Alm",
        questions=(
            "Vart tar vårdplatserna vägen som knäoperationerna använder i\u00a0dag?",
            "Hur många patienter på vårdcentralerna berörs av rad 3, och har ni pratat med"
            " Primärvård Norr?",
        ),
    ),
    "returned-without-questions": some_facts(
        MessageKind.RETURNED, tasks=(NO_DATE,), by="", comment="Beslutet väntar till hösten."
    ),
    "decision": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.omgang",
        case_title="Prioriteringsomgång",
        case_is_round=True,
        happened="Bifall",
        stands="Beslutad",
        by="Karin Ek",
        comment="Paragraf 74. Reservation av tre ledamöter.",
        **on(date(2009, 6, 17)),
    ),
    "decision-of-a-case": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.underlag.hud",
        case_title="Underlag Hud",
        happened="Godkänn underlaget",
        stands="Godkänt",
        by="Bo Alm",
    ),
    "decision-by-itself": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.underlag.hud",
        case_title="Underlag Hud",
        stands="Ej inlämnat",
    ),
    "incident-several": some_facts(
        MessageKind.INCIDENT,
        tasks=(),
        to_name="Helena Sandgren",
        to_email="helena.sandgren@region.example",
        incidents=(
            MailIncident(
                kind=IncidentKind.NO_HOLDER,
                case=f"{ROUND}.underlag.vc_ekdalen",
                case_title="Underlag Vårdcentral Ekdalen",
                role="verksamhetschef",
                unit="Vårdcentral Ekdalen",
            ),
            MailIncident(
                kind=IncidentKind.NOTHING_TO_WAIT_FOR,
                case=f"{ROUND}.avstamning.kirurgcentrum",
                case_title="Avstämning Kirurgcentrum",
            ),
            MailIncident(kind=IncidentKind.MAIL, case=None, case_title=""),
        ),
    ),
    **{
        f"incident-{kind.replace('_', '-')}": some_facts(
            MessageKind.INCIDENT,
            tasks=(),
            to_name="Helena Sandgren",
            to_email="helena.sandgren@region.example",
            case=f"{ROUND}.underlag.vc_ekdalen",
            case_title="Underlag Vårdcentral Ekdalen",
            stands="Utkast",
            incident=kind,
            incident_role="verksamhetschef" if kind == IncidentKind.NO_HOLDER else "",
            incident_unit="Vårdcentral Ekdalen",
            happened="550 5.1.1 adressen finns inte"
            if kind == IncidentKind.MAIL
            else "Lämna in underlaget",
            by="" if kind == IncidentKind.MAIL else "Anna Lindqvist",
        )
        for kind in IncidentKind
    },
}
"""One message of every kind, and of every way that its words may turn."""
