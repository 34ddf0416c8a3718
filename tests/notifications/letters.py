"""Facts to write letters from. All people, units and numbers are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from notifications.letter import compose_letter
from notifications.render import render
from workflow.core.facts import IncidentKind, MessageKind
from workflow.core.mail import (
    MailComment,
    MailFacts,
    MailFate,
    MailFateSum,
    MailIncident,
    MailInvitation,
    MailMilestone,
    MailReport,
    MailTask,
    MailUnitFates,
    Progress,
)

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
EXTENDED = a_task(due_on=date(2009, 3, 6), working_days=8, extended_on=date(2009, 3, 6))
MOVED = a_task(due_on=date(2009, 3, 6), working_days=8, earlier_on=date(2009, 2, 27))
GROUNDWORK_MOVED = MailMilestone(
    title="Grundarbetet klart", from_on=date(2009, 2, 28), to_on=date(2009, 3, 6)
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

EKDALEN = {
    "case": f"{ROUND}.underlag.vc_ekdalen",
    "case_title": "Underlag Vårdcentral Ekdalen",
    "round": ROUND,
    "round_title": ROUND_TITLE,
    "since": TODAY,
}
OF_THE_ROUND = {**EKDALEN, "case": None, "case_title": ""}
SARA = {"person": "Sara Hallberg", "address": "sara.hallberg@region.example"}
INCIDENTS: tuple[MailIncident, ...] = tuple(
    MailIncident(**fields)  # type: ignore[arg-type] # of several types
    for fields in (
        {
            **EKDALEN,
            "kind": IncidentKind.NO_HOLDER,
            "role": "Verksamhetschef",
            "unit": "Vårdcentral Ekdalen",
        },
        {
            **EKDALEN,
            "kind": IncidentKind.NOBODY_LEFT,
            "role": "Driftenhetschef",
            "unit": "Primärvård Norr",
        },
        {**EKDALEN, "kind": IncidentKind.NOTHING_TO_WAIT_FOR},
        {
            **EKDALEN,
            **SARA,
            "kind": IncidentKind.MAIL,
            "answer": "552 5.2.2 brevlådan är full",
            "thing": "prioritering-2010.underlag.vc_ekdalen#1.assignment.17@region.example",
        },
        {
            **EKDALEN,
            **SARA,
            "kind": IncidentKind.TEMPLATE,
            "answer": "'sara.hallberg@' is no mail address that every server takes",
            "thing": "prioritering-2010.underlag.vc_ekdalen#1.assignment.17@region.example",
        },
        {
            **OF_THE_ROUND,
            **SARA,
            "kind": IncidentKind.BOUNCE,
            "answer": "550 5.1.1 <sara.hallberg@region.example>: Recipient address rejected",
        },
        {
            **OF_THE_ROUND,
            "kind": IncidentKind.RELAY,
            "answer": "smtp.region.example:587 erbjuder inte STARTTLS",
        },
        {**OF_THE_ROUND, "kind": IncidentKind.GUARD, "thing": "budget_finns, jav_provat"},
        {**OF_THE_ROUND, "kind": IncidentKind.WORKER, "thing": "srv1.4711.20090224T063000"},
    )
)
"""One incident of every kind."""

LENT = a_task(
    title="Underlag Hud",
    unit="Hud",
    owed_by=("Karin Ask", "Nils Berg"),
    stands_in_for=("Karin Ask",),
)
ORTHOPAEDICS = MailUnitFates(
    unit="Ortopedi",
    fates=(
        MailFate("Artros i knä", "Genomförs", "Minst nytta av titthålsoperation."),
        MailFate("Axelsmärta", "Avslag", "För få berörs."),
        MailFate("Höftfraktur", "", ""),
    ),
    more=1,
    sums=(
        MailFateSum("Genomförs", 2, "18830"),
        MailFateSum("Avslag", 1, "-940.5"),
        MailFateSum("", 1, "0"),
    ),
    amount="Effekt, tkr",
)
UROLOGY = MailUnitFates(
    unit="Urologi",
    fates=(MailFate("Prostatakontroll", "Genomförs", ""),),
    more=0,
    sums=(MailFateSum("Genomförs", 1, "120"),),
    amount="Effekt, tkr",
)
REPORT = """\
Sedan förra rapporten tis 3 feb är omgången kvar i samma steg. Underlag: 14 har lämnats in.

1 ärende är sent:
- Underlag Ortopedi skulle ha varit klart fre 27 feb, för 3 arbetsdagar sedan. Verksamhetschef har \
det.

Tack till Hud för att ni var först."""
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
    "decision-fates": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.omgang",
        case_title="Prioriteringsomgång",
        case_is_round=True,
        happened="Bifall",
        stands="Beslutad",
        by="Karin Ek",
        fates=(ORTHOPAEDICS, UROLOGY),
        more_units=2,
        **on(date(2009, 6, 17)),
    ),
    "decision-fates-hostile": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.omgang",
        case_is_round=True,
        stands="Beslutad",
        fates=(
            MailUnitFates(
                unit=HOSTILE,
                fates=(MailFate(HOSTILE, HOSTILE, HOSTILE), MailFate(LONG * 3, "", LONG * 9)),
                more=0,
                sums=(MailFateSum(HOSTILE, 2, ""),),
                amount=HOSTILE,
            ),
        ),
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
    "decision-report": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.manadsrapport.2009-02",
        case_title="Månadsrapport februari 2009",
        happened="Godkänn och skicka",
        stands="Stäms av med styrgruppen",
        by="Karin Ek",
        reports=(MailReport(title="Läget", text=REPORT),),
        figures=(("Underlag", "14 av 21 klara, 1 sent"), ("Gemensam lista, Belopp", "12 345")),
        **on(date(2009, 3, 5)),
    ),
    "decision-report-hostile": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.manadsrapport.2009-02",
        case_title=HOSTILE,
        stands="Avstämd",
        reports=(MailReport(title=HOSTILE, text=HOSTILE), MailReport(title="Budskap", text=LONG)),
        figures=((HOSTILE, HOSTILE),),
    ),
    "reminder-substitute": some_facts(tasks=(LENT,)),
    "reminder-substitute-digest": some_facts(
        tasks=(ROLLED, LENT, replace(OF_OTHERS, stands_in_for=("Eva Ek",)))
    ),
    "assignment-substitute": some_facts(
        MessageKind.ASSIGNMENT, tasks=(LENT,), happened="Lämna in", by="Bo Alm för Eva Ek"
    ),
    "returned-substitute": some_facts(
        MessageKind.RETURNED, tasks=(LENT,), by="Bo Alm för Eva Ek", questions=("Hur många?",)
    ),
    "decision-substitute": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.underlag.hud",
        case_title="Underlag Hud",
        happened="Godkänn underlaget",
        stands="Godkänt",
        by="Bo Alm för Eva Ek",
        stands_in_for=("Karin Ask", "Nils Berg"),
    ),
    "decision-by-itself": some_facts(
        MessageKind.DECISION,
        tasks=(),
        case=f"{ROUND}.underlag.hud",
        case_title="Underlag Hud",
        stands="Ej inlämnat",
    ),
    "reminder-extended": some_facts(tasks=(EXTENDED, TOGETHER)),
    "escalation-extended": some_facts(
        MessageKind.ESCALATION, tasks=(replace(OF_OTHERS, extended_on=OF_OTHERS.due_on),)
    ),
    "dates": some_facts(
        MessageKind.DATES,
        tasks=(MOVED,),
        milestones=(GROUNDWORK_MOVED,),
        by="Helena Sandgren",
        comment="Sportlovet tog två veckor.",
    ),
    "dates-many": some_facts(
        MessageKind.DATES,
        tasks=(
            MOVED,
            replace(TOGETHER, earlier_on=date(2009, 3, 6)),
            replace(NO_DATE, due_on=date(2009, 5, 4), working_days=48),
        ),
        milestones=(
            GROUNDWORK_MOVED,
            MailMilestone(title="Nämnden", from_on=None, to_on=date(2009, 5, 4)),
        ),
    ),
    "dates-late": some_facts(
        MessageKind.DATES, tasks=(replace(LATE, earlier_on=date(2009, 2, 27)),)
    ),
    "dates-invited": some_facts(
        MessageKind.DATES,
        tasks=(),
        milestones=(
            MailMilestone(title=TRAINING.title, from_on=TRAINING.first_on, to_on=date(2009, 3, 10)),
        ),
        by="Helena Sandgren",
        comment="Salen är upptagen.",
    ),
    "extension-asked": some_facts(
        MessageKind.EXTENSION,
        to_name="Bo Alm",
        to_email="bo.alm@region.example",
        tasks=(replace(OF_OTHERS, due_on=date(2009, 2, 27), working_days=3),),
        extension="asked",
        until_on=date(2009, 3, 6),
        by="Sara Hallberg",
        comment="Två av tre läkare är sjuka.",
    ),
    "extension-granted": some_facts(
        MessageKind.EXTENSION,
        tasks=(EXTENDED,),
        extension="granted",
        until_on=date(2009, 3, 6),
        by="Bo Alm",
        comment="Gärna.",
    ),
    "extension-granted-by-operator": some_facts(
        MessageKind.EXTENSION,
        tasks=(EXTENDED,),
        extension="granted",
        until_on=date(2009, 3, 6),
        comment="Enligt telefonsamtal.",
    ),
    "extension-refused": some_facts(
        MessageKind.EXTENSION,
        tasks=(a_task(),),
        extension="refused",
        until_on=date(2009, 3, 6),
        by="Bo Alm",
        comment="Ledningsgruppen behöver listan måndagen efter.",
    ),
    "comment": some_facts(
        MessageKind.COMMENT,
        tasks=(ROLLED,),
        comments=(
            MailComment(
                by="Bo Alm",
                on=TODAY,
                text="Rad 3 räknar med vårdplatser som Kirurgi också räknar med.\n\nHar ni talats"
                " vid?",
            ),
        ),
    ),
    "comment-several": some_facts(
        MessageKind.COMMENT,
        tasks=(LENT,),
        comments=(
            *(
                MailComment(by="Bo Alm för Eva Ek", on=date(2009, 2, 23), text=f"Fråga {n}.")
                for n in range(1, 6)
            ),
            MailComment(by="Helena Sandgren", on=TODAY, text="x" * 700),
            MailComment(by="Helena Sandgren", on=TODAY, text="Svar på alla fem finns i bilagan."),
        ),
    ),
    "comment-hostile": some_facts(
        MessageKind.COMMENT,
        tasks=(replace(NO_DATE, state=HOSTILE),),
        comments=(MailComment(by=HOSTILE, on=TODAY, text=f"{HOSTILE}\n{'y' * 700}"),),
    ),
    "nudge": some_facts(
        MessageKind.NUDGE,
        to_name="Sara Hallberg",
        to_email="sara.hallberg@region.example",
        tasks=(replace(LATE, owed_by=("Sara Hallberg",)),),
        by="Helena Sandgren",
        comment="Ledningsgruppen läser på onsdag. Hör av dig om något är oklart.",
    ),
    "nudge-many": some_facts(
        MessageKind.NUDGE, tasks=(LATE, ROLLED, LENT), by="Bo Alm för Eva Ek", comment=HOSTILE
    ),
    "pause": some_facts(
        MessageKind.PAUSE,
        tasks=(ROLLED, LENT),
        pause="paused",
        by="Bo Alm",
        comment="Vi väntar på regeringens besked.",
    ),
    "pause-over": some_facts(
        MessageKind.PAUSE,
        tasks=(
            replace(ROLLED, earlier_on=date(2009, 2, 20)),
            replace(LATE, earlier_on=LATE.due_on),
        ),
        pause="resumed",
        rested=5,
        by="Bo Alm för Eva Ek",
        comment=HOSTILE,
        milestones=(
            MailMilestone(
                title="Ledningsgruppens förslag",
                from_on=date(2009, 4, 22),
                to_on=date(2009, 4, 29),
            ),
        ),
    ),
    "pause-over-by-operator": some_facts(MessageKind.PAUSE, tasks=(), pause="resumed"),
    "left": some_facts(
        MessageKind.LEFT,
        tasks=(),
        by="Cia Dal",
        incident_role="Medlem med vårderfarenhet",
        incident_unit="Resursgruppen",
    ),
    "nudge-by-operator": some_facts(MessageKind.NUDGE, tasks=(a_task(),)),
    "nudge-many-by-operator": some_facts(MessageKind.NUDGE, tasks=(LATE, ROLLED)),
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
            MailIncident(
                kind=IncidentKind.MAIL,
                case=None,
                case_title="",
                person="Sara Hallberg",
                address="sara.hallberg@region.example",
                answer="550 5.1.1 adressen finns inte",
                thing="dag.2009-02-24.17@region.example",
            ),
        ),
    ),
    **{
        f"incident-{incident.kind.replace('_', '-')}": some_facts(
            MessageKind.INCIDENT,
            tasks=(),
            to_name="Helena Sandgren",
            to_email="helena.sandgren@region.example",
            case=incident.case or f"{ROUND}.omgang",
            case_title=incident.case_title or "Prioriteringsomgång",
            case_is_round=incident.case is None,
            stands="Utkast",
            by="Anna Lindqvist" if incident.case and not incident.person else "",
            happened="Lämna in underlaget",
            incidents=(incident,),
        )
        for incident in INCIDENTS
    },
    "checkpoint": some_facts(
        MessageKind.CHECKPOINT,
        tasks=(),
        to_name="",
        to_email="registrator@region.example",
        round=None,
        round_title="",
        reference="",
        leader_name="",
        leader_email="",
        checkpoint={
            "at": "2009-02-24T06:30:00.000000Z",
            "installation": "3f2a9c",
            "chains": {
                "installation": {"length": 41, "head": "5e" * 32},
                ROUND: {"length": 812, "head": "a7" * 32},
            },
        },
    ),
    "incident-unknown": some_facts(
        MessageKind.INCIDENT,
        tasks=(),
        case=f"{ROUND}.underlag.hud",
        case_title="Underlag Hud",
        stands="Utkast",
        incident="something_new",
    ),
    "incident-hostile": some_facts(
        MessageKind.INCIDENT,
        tasks=(),
        case=f"{ROUND}.omgang",
        case_is_round=True,
        incidents=(
            MailIncident(
                kind=IncidentKind.BOUNCE,
                case=None,
                case_title="",
                person=HOSTILE,
                address=HOSTILE,
                answer=f"550 {HOSTILE} " + "x" * 5000,
                round_title=HOSTILE,
            ),
        ),
    ),
}
"""One message of every kind, and of every way that its words may turn."""
