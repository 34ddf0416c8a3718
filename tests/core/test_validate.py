"""What is wrong with a definition is said at its place, in words that help."""

import copy
from functools import cache
from pathlib import Path

import pytest

from processes.loader import COMMON, SHIPPED  # makes known the suggestions that they name
from processes.source import read_source
from workflow.core.errors import Problem
from workflow.core.validation.validate import check_data

DRAFTS = Path(__file__).parents[1] / "definitions" / "outlined"
GONE = object()
K = "kronoberg_prioritering"
D = "strukturplan"
B = "verkstallighetsplan"
N = "narmare_kronobergaren"
V = "fempunktsprogram"
FULL = "case.omgang.state."


@cache
def _draft(name):
    root = DRAFTS if name == K else SHIPPED
    folder = root / name
    return read_source(folder / "process.toml", folder, [root / COMMON]).data


def changed(name, changes):
    """Give a process with keys set, or taken away with GONE."""
    data = copy.deepcopy(_draft(name))
    for path, value in changes.items():
        *way, last = path.split(".")
        here = data
        for step in way:
            here = here.setdefault(step, {})
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return data


def problems(name, changes, **options):
    """Check a changed process."""
    return check_data(changed(name, changes), year=2026, **options)[1]


WRONG = [
    # ---- as the outline of the language shows them
    (
        K,
        {"case.underlag.state.utkast.duedate": "grundarbete"},
        "case.underlag.state.utkast.duedate",
        "a state has no 'duedate'; did you mean 'due'? Allowed: title, help, by, helpers, body, "
        "due, roll, ladder, extension, edits, opens, wait_for, next, starts, at_due, tells, "
        "transition",
    ),
    (
        K,
        {"case.avstamning.state.sammanstallning.by": "driftenhetchef"},
        "case.avstamning.state.sammanstallning.by",
        "there is no role 'driftenhetchef'; did you mean 'driftenhetschef'?",
    ),
    (
        K,
        {"case.underlag.state.inlamnat.transition": GONE},
        "case.underlag.state.inlamnat",
        "is a dead end: no way leads from here to an end (godkant) (2 more follow from this)",
    ),
    (
        K,
        {FULL + "forslag.transition.aterremiss_vardering.reopens": {"underlag": "utkast"}},
        FULL + "forslag.transition.aterremiss_vardering.reopens",
        "'underlag' is opened in 'insamling' of 'avstamning', but the transition leads 'omgang' "
        "to 'vardering', which does not open it",
    ),
    (
        K,
        {FULL + "grundarbete.next": "vardering"},
        FULL + "grundarbete.next",
        "leads by itself to 'vardering', where somebody must choose who gets 'vardering'; "
        "let a transition lead there",
    ),
    (
        K,
        {FULL + "grundarbete.opens": ["avstamning", "manadsrapport"]},
        FULL + "grundarbete.opens",
        "'manadsrapport' has 'every', so nobody can wait for it; write starts instead of opens",
    ),
    (
        K,
        {FULL + "redovisning.by": "verksamhetschef"},
        FULL + "redovisning.by",
        "verksamhetschef is held at verksamhet, below landsting: any of them could act. Open a "
        "case per verksamhet, or let each of them fill in a table with each = \"verksamhetschef\"",
    ),
    (
        D,
        {"case.plan.state.fullmaktige.at_due": "protokoll"},
        "case.plan.state.fullmaktige.at_due",
        "a body with minutes decides at a meeting; silence never decides",
    ),
    (
        D,
        {"table.forslag.column.medicinskt.required": {"omrade": "varden"}},
        "table.forslag.column.medicinskt.required",
        "'varden' is not a level of omrade: vard, administration",
    ),
    # ---- the vocabulary
    (K, {"title": GONE}, "title", "a process needs 'title'"),
    (K, {"titel": "x"}, "titel", "a process has no 'titel'; did you mean 'title'? Allowed: title, "
     "key, about, year, example_year, leader, registrar, auditor, language, zone, roll, keep, "
     "uses, unit, body, role, milestone, plan, ladder, scale, case, table"),
    (K, {"auditor": "driftenhetschef"}, "auditor",
     "'driftenhetschef' changes nothing, but has a part in case.avstamning.state.sammanstallning"),
    (K, {"auditor": "revisorn"}, "auditor",
     "there is no role 'revisorn'; did you mean 'registrator'?"),
    (K, {"role.driftenhetschef.sees": "above"}, "role.driftenhetschef.sees",
     "'above' is not among 'own', 'below' or 'all'"),
    (K, {"body.fullmaktige.minutes": "yes"}, "body.fullmaktige.minutes",
     "must be true or false, not 'yes'"),
    (K, {"role.justerare.holders": 0}, "role.justerare.holders", "must be at least 1, not '0'"),
    (K, {"role.justerare.holders": "2"}, "role.justerare.holders",
     "must be a whole number, not '2'"),
    (K, {"case.omgang.state.Plan": {"title": "x"}}, "case.omgang.state.Plan",
     "'Plan' is no name: names are small letters a-z, digits and _, and begin with a letter"),
    (K, {"case.omgang.ends": {}}, "case.omgang.ends", "is empty"),
    (K, {"milestone.forslag.on": "22 april"}, "milestone.forslag.on",
     "'22 april' is no date; write e.g. \"{year-1}-02-28\", \"{year-1}-02-last\", \"{year-1}-04\", "
     "\"5 working days before MILESTONE\" or \"later\""),
    (K, {"milestone.forslag.on": "{year}-13-01"}, "milestone.forslag.on",
     "'{year}-13-01' has no month 13"),
    (K, {"milestone.forslag.on": ["{year}-01"]}, "milestone.forslag.on",
     "a list of dates is a pair: the first and the last day, both in quotes"),
    (K, {"milestone.forslag.at": "25:00"}, "milestone.forslag.at",
     "'25:00' is no clock time; write e.g. \"16:00\""),
    (K, {FULL + "samverkan.due": "fem dagar"}, FULL + "samverkan.due",
     "'fem dagar' is no deadline; write a milestone, a span such as \"3 working days\", "
     "or \"8 working days after occasion\""),
    (K, {FULL + "samverkan.extension": "snart"}, FULL + "samverkan.extension",
     "'snart' is no span; write a number and day(s), working day(s), week(s), month(s) or "
     "year(s), e.g. \"5 working days\""),
    (K, {FULL + "grundarbete.wait_for": "half"}, FULL + "grundarbete.wait_for",
     "'half' is no amount; write a whole number from 1, \"all\", \"more than half\" or "
     "\"two thirds\""),
    (K, {"ladder.tat": {"holder": ["om tre dagar"]}}, "ladder.tat.holder",
     "'om tre dagar' is no step of a ladder; write \"3 working days before\", \"on the day\" or "
     "\"1 working day after\""),
    (K, {"table.objekt.check.liten_grupp.where": {"volym": "9 to 1"}},
     "table.objekt.check.liten_grupp.where.volym",
     "'9 to 1' is no range; write \"1 to 9\", the smaller first"),
    (K, {FULL + "plan.transition": "faststall"}, FULL + "plan.transition",
     "must be a section, not 'faststall'"),
    (K, {FULL + "plan.transition.faststall": {"title": "x"}},
     FULL + "plan.transition.faststall.to", "a transition needs 'to'"),
    (K, {"table.objekt.column.tillstand.required": 1}, "table.objekt.column.tillstand.required",
     "must be a section, not '1'"),
    # ---- names
    (K, {"leader": "chefen"}, "leader", "there is no role 'chefen'"),
    (K, {"zone": "Europe/Vaxjo"}, "zone", "there is no time zone 'Europe/Vaxjo'"),
    (K, {"keep": "ett tag"}, "keep", "'ett tag' is no span; write a number and day(s), working "
     "day(s), week(s), month(s) or year(s), e.g. \"5 working days\"; or \"forever\""),
    (K, {"unit.fullmaktige": {"title": "x", "under": "landsting"}}, "body.fullmaktige",
     "a unit has that name too; choose another"),
    (K, {"unit.driftenhet.under": GONE}, "unit.driftenhet",
     "'landsting' is at the top already; say what this is under"),
    (K, {"unit.landsting.under": "verksamhet"}, "unit.landsting.under",
     "lies under itself: landsting -> verksamhet -> driftenhet -> landsting"),
    (K, {"unit.driftenhet.under": "landstinget"}, "unit.driftenhet.under",
     "there is no unit 'landstinget'; did you mean 'landsting'?"),
    (K, {"unit.verksamhet.facts": {"budget": "kronor"}}, "unit.verksamhet.facts.budget",
     "there is no type 'kronor'; there are: date, integer, long_text, number, percent, text, tkr, "
     "yes_no"),
    (K, {"role.holder": {"title": "x", "at": "landsting"}}, "role.holder",
     "'holder' means something in the language; choose another name"),
    (K, {"role.registrator.at": "lansting"}, "role.registrator.at",
     "there is no unit or body 'lansting'; did you mean 'landsting'?"),
    (K, {"role.registrator.at": []}, "role.registrator.at",
     "is held nowhere; name a unit or a body"),
    (K, {"role.landstingsdirektor.superior": "driftenhetschef"},
     "role.landstingsdirektor.superior",
     "is above itself: landstingsdirektor -> driftenhetschef -> medicinsk_radgivare -> "
     "landstingsdirektor"),
    (K, {"ladder.tom": {"help": "x"}}, "ladder.tom",
     "tells nobody; write holder, superior or leader"),
    (K, {FULL + "plan.ladder": "tat"}, FULL + "plan.ladder",
     "there is no ladder 'tat'; there are: standard"),
    (K, {"case.omgang.ends.plan": "x"}, "case.omgang.ends.plan",
     "a state has that name too; choose another"),
    (K, {"case.omgang.ends.missing": "x"}, "case.omgang.ends.missing",
     "'missing' means something in the language; choose another name"),
    # ---- the tree of cases
    (K, {FULL + "uppdrag.starts": ["staende_punkt"]}, "case.manadsrapport",
     "nobody opens or starts it; the round itself is 'omgang'. Name it under opens or starts in "
     "a state"),
    (K, {"case.underlag.state.inlamnat.starts": ["omgang"]}, "case.omgang",
     "opens itself in a circle: omgang -> avstamning -> underlag -> omgang"),
    (K, {FULL + "samverkan.opens": ["underlag"]}, "case.avstamning.state.insamling.opens",
     "'underlag' has two parents, omgang, avstamning; one must do"),
    (K, {FULL + "samverkan.opens": ["avstamning"], FULL + "samverkan.next": "stallningstagande"},
     FULL + "samverkan.opens",
     "'avstamning' is opened in 'grundarbete' already; one state opens a case and waits for it, "
     "and reopens brings it back"),
    (K, {FULL + "samverkan.starts": ["avstamning"]}, FULL + "samverkan.starts",
     "'avstamning' is both opened and started; either somebody waits for it or nobody"),
    (K, {"case.avstamning.per": "driftenheter"}, "case.avstamning.per",
     "there is no unit or body 'driftenheter'; did you mean 'driftenhet'?"),
    (K, {"case.vardering.choose": ["verksamhet"]}, "case.vardering.choose",
     "'verksamhet' is not in per; choose names those of per that the opener picks from"),
    (K, {"case.manadsrapport.every": "manad"}, "case.manadsrapport.every",
     "there is no period, milestone or body 'manad'"),
    (K, {"case.manadsrapport.every": ["month", "forslag"]}, "case.manadsrapport.every",
     "write one period, or milestones, or a body"),
    (K, {"case.avstamning.ahead": "2 weeks"}, "case.avstamning.ahead",
     "needs every: it is for what comes again"),
    (B, {"case.manadsrapport.until": "helaret"}, "case.manadsrapport.until",
     "there is no milestone 'helaret'; did you mean 'helar'?"),
    (B, {"case.manadsrapport.opened_by": "controller"}, "case.manadsrapport.opened_by",
     "comes by itself already: it has every"),
    (V, {"case.insats.state.pagar.starts": ["ny"], "case.ny": {
        "title": "Ny", "every": "month", "ends": {"klar": "Klar"}, "state": {"a": {
            "title": "A", "by": "landstingsdirektor",
            "transition": {"klar": {"title": "Klar", "to": "klar"}}}}}},
     "case.insats.state.pagar.starts",
     "'ny' comes again below 'insats', which comes again itself; start it in a case that does not"),
    (V, {"case.program.state.genomforande.opens": ["sammanslagning", "insats"]},
     "case.program.state.genomforande.opens",
     "'insats' has 'opened_by', so nobody can wait for it; write starts instead of opens"),
    (K, {FULL + "samverkan.next": "forslag"}, FULL + "samverkan.next",
     "waits for nothing: say with opens which cases it waits for"),
    (K, {FULL + "grundarbete.next": GONE}, FULL + "grundarbete.opens",
     "nothing leads on when they have ended; write next or a transition"),
    (V, {"case.program.state.genomforande.wait_for": 2},
     "case.program.state.genomforande.wait_for", "needs next: it says how many before that"),
    (K, {FULL + "protokoll.wait_for": 2}, FULL + "protokoll.wait_for",
     "waits for 2, and there are never more than 1"),
    (K, {"case.underlag.withdraw_by": "chefen"}, "case.underlag.withdraw_by",
     "there is no role 'chefen'"),
    (K, {FULL + "redovisning.transition.aterremiss.reopens": {"avstamning": "sammanstalning"}},
     FULL + "redovisning.transition.aterremiss.reopens.avstamning",
     "'avstamning' has no state 'sammanstalning'; did you mean 'sammanstallning'?"),
    (D, {"case.plan.state.fullmaktige.transition.bifall_del_2.begins.plan": "del_3"},
     "case.plan.state.fullmaktige.transition.bifall_del_2.begins.plan",
     "there is no plan 'del_3'; did you mean 'del_2'?"),
    (D, {"case.plan.state.fullmaktige.transition.bifall_del_2.begins.state": "framtaget"},
     "case.plan.state.fullmaktige.transition.bifall_del_2.begins.state",
     "there is no state 'framtaget'; did you mean 'framtagande'?"),
    # ---- the flow
    (K, {FULL + "plan.transition.faststall.to": "styrgruppen"},
     FULL + "plan.transition.faststall.to",
     "'omgang' has no state or end 'styrgruppen'; did you mean 'styrgrupp'? "
     "(12 more follow from this)"),
    (K, {FULL + "budgetbeslut.transition.avslag": GONE}, "case.omgang.ends.avslagen",
     "can never be reached: nothing leads to it"),
    (K, {FULL + "extra": {"title": "x", "by": "sekreterare", "body": "fullmaktige",
         "transition": {"a": {"title": "x", "to": "beslutad"}}}}, FULL + "extra",
     "can never be reached: nothing leads here from 'plan'"),
    (K, {FULL + "plan.body": "landstingsstyrelsen"}, FULL + "plan.body",
     "there is no body 'landstingsstyrelsen'; did you mean 'landstingsstyrelse'?"),
    (K, {FULL + "plan.by": GONE}, FULL + "plan.body",
     "needs by: somebody must act for the body"),
    (K, {FULL + "plan.by": GONE}, FULL + "plan.transition.faststall.by",
     "nobody may press it: neither it nor 'plan' says by"),
    (K, {FULL + "grundarbete.edits": ["samverkan"]}, FULL + "grundarbete.edits",
     "needs by: nobody may fill it in"),
    (K, {"case.underlag.state.utkast.edits": ["objekten"]}, "case.underlag.state.utkast.edits",
     "there is no table 'objekten'; did you mean 'objekt'?"),
    (K, {"case.underlag.state.utkast.due": "grundarbetet"}, "case.underlag.state.utkast.due",
     "there is no milestone 'grundarbetet'; did you mean 'grundarbete'?"),
    (K, {"case.underlag.state.utkast.due": "5 days after occasion"},
     "case.underlag.state.utkast.due", "'underlag' has no occasions: it has no every"),
    (K, {"case.protokoll.state.overklagandetid.due": GONE},
     "case.protokoll.state.overklagandetid.at_due",
     "needs due: there is no deadline that could pass"),
    (K, {"case.protokoll.state.overklagandetid.at_due": "overklagandetid"},
     "case.protokoll.state.overklagandetid.at_due",
     "leads back to the same state, whose deadline has passed already"),
    (K, {"case.underlag.state.inlamnat.transition.godkann.other_than": ["lamna"]},
     "case.underlag.state.inlamnat.transition.godkann.other_than",
     "'underlag' has no transition 'lamna'; did you mean 'lamna_in'?"),
    (K, {"case.underlag.state.inlamnat.transition.godkann.due": "2 days"},
     "case.underlag.state.inlamnat.transition.godkann.due",
     "leads to the end 'godkant': nothing is due there"),
    (K, {"case.underlag.state.utkast.transition.lamna_in.guards": ["komplett"]},
     "case.underlag.state.utkast.transition.lamna_in.guards",
     "there is no guard 'komplett'; did you mean 'complete'?"),
    # ---- who may
    (K, {FULL + "uppdrag.by": "sekreterare", FULL + "uppdrag.body": GONE}, FULL + "uppdrag.by",
     "sekreterare is held at fullmaktige, landstingsstyrelse, politisk_styrgrupp: which of them "
     "acts? Say it with body, or name another role"),
    (K, {"case.protokoll.state.justeras.transition.justera.signatures": 3},
     "case.protokoll.state.justeras.transition.justera.signatures",
     "asks for 3, but justerare has 2 holders; write holders = 3 there"),
    (K, {FULL + "plan.by": []}, FULL + "plan.by", "names nobody"),
    # ---- the plan
    (K, {"milestone.forslag.invites": ["ledamoten"]}, "milestone.forslag.invites",
     "there is no role 'ledamoten'; did you mean 'ledamot'?"),
    (K, {"milestone.forslag.meeting": "ledningsgruppen"}, "milestone.forslag.meeting",
     "there is no body 'ledningsgruppen'; did you mean 'ledningsgrupp'?"),
    (K, {"milestone.forslag.on": "{year-1}-02-29"}, "milestone.forslag",
     "there is no day 2009-02-29"),
    (K, {"milestone.forslag.on": "3 days after vardering"}, "milestone.vardering",
     "is counted from itself: vardering -> forslag -> vardering"),
    (K, {"milestone.forslag.on": "3 days after varderingen"}, "milestone.forslag",
     "there is no milestone 'varderingen' to count from; did you mean 'vardering'?"),
    (K, {"milestone.forslag.on": ["{year-1}-04-22", "later"]}, "milestone.forslag",
     "is half known: write both days, or later alone"),
    (K, {"milestone.uppdrag.on": "{year}-12-03"}, "milestone.uppdrag",
     "lies 2010-12-03, after 'utbildning' 2009-01-31 that stands below it"),
    (K, {"milestone.forslag.on": "{year-2}-04-22", "milestone.vardering.on": "{year-1}-04-15"},
     "milestone.forslag", "lies 2008-04-22, before 'vardering' 2009-04-15 that stands above it"),
    (D, {"milestone.fullmaktige.on": ["{year}-06-16", "{year}-06-15"]}, "milestone.fullmaktige",
     "ends 2015-06-15, before it begins 2015-06-16"),
    (D, {"plan.del_2.on": {"styrelse": "{year}-12-09", "fullmaktige": "{year}-11-23"}},
     "plan.del_2.on.styrelse",
     "lies 2015-12-09, after 'fullmaktige' 2015-11-23 that stands below it"),
    (D, {"plan.del_2.on.styrelsen": "{year}-11-09"}, "plan.del_2.on",
     "there is no milestone 'styrelsen'; did you mean 'styrelse'?"),
    (K, {FULL + "redovisning.due": "grundarbete", FULL + "forslag.due": "uppdrag"},
     FULL + "forslag.due", "is due 2008-12-03, before 'redovisning' 2009-02-28 that comes first"),
    (K, {"case.underlag.state.utkast.due": "vardering"}, "case.underlag.state.utkast.due",
     "is due 2009-04-15, after 'sammanstallning' of 'avstamning' 2009-03-15 that waits for it"),
    # ---- tables
    (K, {"scale.text": {"title": "x", "levels": {"a": "a"}}}, "scale.text",
     "'text' is a type of its own; choose another name"),
    (K, {"table.objekt.column.typ.type": "typen"}, "table.objekt.column.typ.type",
     "there is no type or scale 'typen'; did you mean 'typ'?"),
    (K, {"table.objekt.column.typ.type": GONE}, "table.objekt.column.typ",
     "needs either type or type_from"),
    (K, {"table.gemensam_lista.column.betalas_av.of": GONE},
     "table.gemensam_lista.column.betalas_av.type",
     "needs of: which table it points to a row of"),
    (K, {"table.objekt.column.typ.of": "objekt"}, "table.objekt.column.typ.of",
     'goes with type = "row" alone'),
    (B, {"table.mal.column.malvarde.type_from": "riktning"}, "table.mal.column.malvarde.type_from",
     "level 'minst' of 'riktning' is no type: date, file, integer, long_text, number, occasions, "
     "percent, person, previous_row, row, text, tkr, unit, yes_no"),
    (B, {"table.mal.column.malvarde.type_from": "matt"}, "table.mal.column.malvarde.type_from",
     "'matt' must be a column with levels that are types"),
    (K, {"table.objekt.column.tillstand.min": 3}, "table.objekt.column.tillstand.min",
     "goes with numbers alone"),
    (K, {"table.objekt.column.volym.max": -1}, "table.objekt.column.volym.min",
     "is 0, above max -1"),
    (K, {"table.objekt.column.volym.several": True}, "table.objekt.column.volym.several",
     "goes with a scale or a row alone"),
    (D, {"table.forslag.column.effekt.years": ["{year}", "2019"]},
     "table.forslag.column.effekt.years", "'2019' is no year; write \"{year+4}\""),
    (D, {"table.forslag.column.effekt.years": ["{year+4}", "{year}"]},
     "table.forslag.column.effekt.years", "begins after it ends"),
    (K, {"table.objekt.column.volym.visible_to": ["ledamoten"]},
     "table.objekt.column.volym.visible_to",
     "there is no role 'ledamoten'; did you mean 'ledamot'?"),
    (K, {"table.objekt.totals": ["motivering"]}, "table.objekt.totals",
     "'motivering' is no number; it cannot be summed"),
    (K, {"table.beslut.publish": ["utfallet"]}, "table.beslut.publish",
     "there is no column 'utfallet'; did you mean 'utfall'?"),
    (K, {"table.objekt.column.motivering.personal": True}, "table.beslut.publish",
     "'motivering' may not be published: it is personal"),
    (K, {"table.objekt.column.rang.visible_to": ["ledamot"]}, "table.beslut.publish",
     "'rang' may not be published: it has visible_to: only some see it"),
    (K, {"table.gemensam_lista.column.utreds_av": {"title": "x", "type": "person"},
         "table.gemensam_lista.publish": ["utreds_av"]}, "table.gemensam_lista.publish",
     "'utreds_av' may not be published: it holds people"),
    (K, {"table.objekt.column.bilaga": {"title": "x", "type": "file"},
         "table.objekt.publish": ["bilaga"]}, "table.objekt.publish",
     "'bilaga' may not be published: it holds files"),
    (V, {"table.stod.publish": ["stod"]}, "table.stod.publish",
     "does not go with each: a copy of one's own is never published"),
    (K, {"table.kommittelista.from": "listan"}, "table.kommittelista.from",
     "there is no table 'listan'; there are: "),
    (K, {"table.driftenhetslista.from": "gemensam_lista"}, "table.driftenhetslista.from",
     "is compiled from itself: driftenhetslista -> gemensam_lista -> kommittelista -> "
     "driftenhetslista"),
    (K, {"case.underlag.state.utkast.edits": ["bilagor"]}, "table.driftenhetslista.from",
     "nobody fills in 'objekt': no state has it in edits"),
    (K, {FULL + "samverkan.edits": ["samverkan", "objekt"]}, "table.driftenhetslista.from",
     "'objekt' is filled in by several kinds of case (omgang, underlag); one must do, so that "
     "every row has one origin"),
    (K, {"table.kommittelista.column.rang": {"title": "x", "type": "rang"}},
     "table.kommittelista.column.rang", "'driftenhetslista' has that column already, and it is "
     "shown"),
    (K, {"table.bilagor.where": {"rubrik": "x"}}, "table.bilagor.where",
     "needs from: it picks among another table's rows"),
    (D, {"table.effektutfall.where": {"utfall": "bifallet"}}, "table.effektutfall.where",
     "'bifallet' is not a level of utfall: bifall, avslag, aterremiss, bordlagt"),
    (D, {"table.effektutfall.where": {"atgard": "x"}}, "table.effektutfall.where",
     "'atgard' has no levels: its type is text"),
    (K, {"table.objekt.check.liten_grupp.where": {"rang": "1 to 9"}},
     "table.objekt.check.liten_grupp.where", "'rang' is no number; a range does not fit it"),
    (D, {"table.beslut.carries": {"utfallet": "bordlagt"}}, "table.beslut.carries",
     "there is no column 'utfallet'; did you mean 'utfall'?"),
    (B, {"table.maluppfoljning.due_rows": "mal"}, "table.maluppfoljning.due_rows",
     "'mal' must be a column of type occasions"),
    (B, {"table.ram.rows_per": "forvaltningen"}, "table.ram.rows_per",
     "there is no unit or body 'forvaltningen'; did you mean 'forvaltning'?"),
    (V, {"table.stod.each": GONE}, "table.stod.secret",
     "needs each: only copies of one's own can be secret"),
    (V, {"table.stod.each": "chefen"}, "table.stod.each",
     "there is no role 'chefen'; did you mean 'chef'?"),
    (K, {"table.samverkan.min_rows": 2}, "table.samverkan.min_rows",
     "does not go with form, which is exactly one row"),
    (K, {"table.tom": {"title": "x"}}, "table.tom", "has no columns"),
    (K, {"table.objekt.column.rang.suggest": "rang_enligt_modelen"},
     "table.objekt.column.rang.suggest",
     "there is no suggestion 'rang_enligt_modelen'; did you mean 'rang_enligt_modellen'?"),
    (K, {"table.objekt.column.volym.suggest": "minute"}, "table.objekt.column.volym.suggest",
     "there is no suggestion 'minute'; did you mean 'minutes'?"),
    (K, {"table.objekt.column.kunskap": GONE}, "table.objekt.column.rang.suggest",
     "'rang_enligt_modellen' reads the column 'kunskap', which is not there"),
    (K, {"scale.kostnad.levels.gratis": "Gratis"}, "table.objekt.column.rang.suggest",
     "'rang_enligt_modellen' does not know 'gratis', a level of 'kostnad'"),
    (K, {"scale.rang.levels.fou": GONE}, "table.objekt.column.rang.suggest",
     "'rang_enligt_modellen' may answer 'fou', which is no level here"),
    (K, {"table.objekt.column.motivering.suggest": "rang_enligt_modellen"},
     "table.objekt.column.motivering.suggest",
     "'rang_enligt_modellen' may answer '1', which is no level here"),
    (K, {"table.objekt.keep": "länge"}, "table.objekt.keep", "'länge' is no span; write a number "
     "and day(s), working day(s), week(s), month(s) or year(s), e.g. \"5 working days\"; "
     "or \"forever\""),
    (K, {"table.objekt.check.etik.sum": "volym"}, "table.objekt.check.etik",
     "measures exactly one of sum, share and count, not sum, count"),
    (K, {"table.objekt.check.etik.count": GONE}, "table.objekt.check.etik",
     "measures exactly one of sum, share and count, not none"),
    (K, {"table.objekt.check.etik.at_most": GONE}, "table.objekt.check.etik",
     "demands nothing; write at_least, at_most or equals"),
    (K, {"table.objekt.check.etik.of": "unit.budget_tkr"}, "table.objekt.check.etik.of",
     "share and of go together: a share is a share of something"),
    (K, {"table.objekt.check.etik": {"title": "x", "share": "effekt_tkr", "of": "unit.budget",
         "at_most": 2}}, "table.objekt.check.etik.of",
     "there is no fact of a unit 'budget'; did you mean 'budget_tkr'?"),
    (B, {"table.budget.check.ram.equals": "ramen.belopp"}, "table.budget.check.ram.equals",
     "there is no table 'ramen'; did you mean 'ram'?"),
    (B, {"table.budget.check.ram.equals": "ram.summa"}, "table.budget.check.ram.equals",
     "'ram' has no column 'summa'; there are: belopp"),
    (B, {"table.budget.check.ram.equals": "mal.matt"}, "table.budget.check.ram.equals",
     "'mal.matt' is no number"),
    (B, {"table.budget.check.ram.equals": "ram"}, "table.budget.check.ram.equals",
     "'ram' is no demand; write a number or TABLE.COLUMN"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "changes", "place", "message"), WRONG, ids=[f"{one[0]}-{one[2]}" for one in WRONG]
)
def test_error_names_place_and_remedy(draft, changes, place, message):
    """Every mistake is reported once, as an error, at its key and in these words."""
    found = problems(draft, changes)

    at_place = [p.message for p in found if p.place == place and p.severity == "error"]
    assert any(one == message or (message.endswith(": ") and one.startswith(message))
               for one in at_place), found  # fmt: skip


WARNED = [
    (K, {"leader": GONE}, "leader", "nobody leads the process; the administrator will have to"),
    (K, {"role.vakt": {"title": "Vakt", "at": "landsting"}}, "role.vakt",
     "nothing uses this role; nobody who holds it is told anything"),
    (K, {"case.omgang.title": "Omgång {enhet}"}, "case.omgang.title",
     "{enhet} is printed as it stands; replaced are only {year}, {year+n}, {year-n}, {unit} and "
     "{occasion}"),
    (K, {"ladder.sen": {"holder": ["2 working days after"]},
         "case.protokoll.state.overklagandetid.ladder": "sen"},
     "case.protokoll.state.overklagandetid.ladder",
     "its steps after the deadline never come: at_due leads on by itself"),
    (K, {FULL + "redovisning.transition.aterremiss.reopens": {"avstamning": "insamling"}},
     FULL + "redovisning.transition.aterremiss.reopens",
     "'avstamning' goes back to 'insamling', which goes on at once when all it waits for has "
     "ended; reopen something below it too"),
    (K, {FULL + "uppdrag.body": GONE}, "milestone.uppdrag.meeting",
     "'ledningsgrupp' meets then, and no state of that body is due: give one body = "
     "\"ledningsgrupp\" and due = \"uppdrag\", unless it only informs"),
    # ---- days off
    (K, {}, "milestone.grundarbete",
     "2009-02-28 är en lördag; working_day_before ger 2009-02-27, working_day_after 2009-03-02"),
    (K, {"milestone.grundarbete.roll": "working_day_before"}, "milestone.grundarbete",
     "2009-02-28 är en lördag; working_day_before flyttar den till 2009-02-27"),
    (K, {"roll": "working_day_after"}, "milestone.avstamning",
     "2009-03-15 är en söndag; working_day_after flyttar den till 2009-03-16"),
    (K, {"milestone.budgetbeslut.on": "{year-1}-06-19"}, "milestone.budgetbeslut",
     "2009-06-19 är midsommarafton; working_day_before ger 2009-06-18, working_day_after "
     "2009-06-22"),
    (K, {"milestone.stallningstagande.on": "{year-1}-05-22"}, "milestone.stallningstagande",
     "2009-05-22 är en klämdag, en arbetsdag mellan två lediga dagar"),
    (D, {"plan.del_2.on.styrelse": "{year}-11-08"}, "plan.del_2.on.styrelse",
     "2015-11-08 är en söndag; working_day_before ger 2015-11-06, working_day_after 2015-11-09"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "changes", "place", "message"), WARNED, ids=[f"{one[0]}-{one[2]}" for one in WARNED]
)
def test_what_may_be_meant_is_a_warning(draft, changes, place, message):
    """What may be meant is told in these words and stops nothing."""
    found = problems(draft, changes)

    assert Problem(place=place, message=message, severity="warning") in found
    assert [] == [p for p in found if p.severity == "error"]


def test_a_misspelt_role_is_not_also_one_that_nothing_uses():
    """The cause is told, not what follows from it; a role that is far from it still is."""
    change = {
        "role.vaktare": {"title": "Väktare", "at": "landsting"},
        "case.omgang.tells": ["vaktarre"],
    }
    found = {p.place for p in problems(K, change) if "vakt" in p.place + p.message}

    assert {"case.omgang.tells"} == found


def test_month_without_a_deadline_is_not_warned_of():
    """A month names no day; its last day is judged only where something is due."""
    found = problems(K, {})

    assert "milestone.utbildning" not in [p.place for p in found]
    assert "milestone.styrgrupp" in [p.place for p in found]


def test_example_year_goes_before_the_callers():
    """A definition is judged for its own year, whenever it is checked."""
    data = changed(K, {})

    early = check_data(data, year=1950)[1]
    late = check_data(data, year=2100)[1]

    assert early == late


def test_caller_s_year_is_used_without_one():
    """A definition without a year of its own is judged for the caller's."""
    found = problems(K, {"example_year": GONE})

    weekend = "2025-02-28"  # a Friday
    assert not any(weekend in p.message for p in found)


def test_own_guard_is_known_when_it_is_passed():
    """A region's own guard is a name like the built in, once it is installed."""
    change = {"case.underlag.state.utkast.transition.lamna_in.guards": ["egen_regel"]}

    assert [] == [p for p in problems(K, change, guards={"egen_regel"}) if p.severity == "error"]
    assert any(p.severity == "error" for p in problems(K, change))


def test_by_of_each_kind_of_unit_must_fit():
    """Of two roles, one must fit each kind of unit that the case can belong to."""
    found = problems(V, {"case.insats.state.pagar.by": "forvaltningschef"})

    assert ["case.insats.state.pagar.by"] == [p.place for p in found if p.severity == "error"]


def test_role_below_may_fill_in_a_copy_each():
    """With a table of one copy each, holders below the case's unit may owe it."""
    found = problems(
        V,
        {
            "case.matning.state.svar.by": "forvaltningschef",
            "table.stod.each": "forvaltningschef",
            "case.matning.tells": ["fortroendevald", "chef"],
        },
    )

    assert [] == [p for p in found if p.severity == "error"]


def test_causes_come_before_what_follows():
    """An unreachable chain is reported at its first state, the rest are counted."""
    found = problems(K, {FULL + "uppdrag.transition.lamna_uppdrag.to": "avslagen"})

    errors = [p for p in found if p.severity == "error"]
    assert [FULL + "grundarbete"] == [p.place for p in errors]
    assert errors[0].message.endswith("(8 more follow from this)")


def test_many_errors_are_cut():
    """A file that is wrong everywhere answers with a hundred problems and a count."""
    states = {f"s{n}": {"title": "x", "by": f"nobody_{n}"} for n in range(3000)}
    found = problems(K, {"case.underlag.state": states})

    assert 101 == len(found)
    assert found[-1].message.startswith("and ")
