"""A paper as its template gets it: texts alone, in the order they are set."""

from documents.papers.balance_view import balance_view
from documents.papers.list_view import brief_view, grounds_view, list_view, sums_view
from documents.papers.minutes import Decision, Minutes, Reservation
from documents.papers.paper import CommonList, Extract, Paper, Proposal
from documents.papers.signs import set_out
from documents.papers.speech import say_amount, say_date, say_instant, say_stamp

__all__ = ["view"]

View = dict[str, object]


def view(paper: Paper) -> View:
    """Write a paper's values as texts, every one of them ready to be set."""
    match paper:
        case Proposal():
            plain = _common(paper, "Beslutsunderlag", paper.title) | _proposal(paper)
        case Extract():
            plain = _common(paper, "Protokollsutdrag", paper.title) | _minutes(paper.minutes)
        case CommonList():
            plain = _common(paper, "Gemensam lista", paper.listing.title) | _list(paper)
    return {key: _set(value) for key, value in plain.items()}


def _set(value: object) -> object:
    """Make every text below ready, so that none can be forgotten."""
    match value:
        case str():
            return set_out(value)
        case dict():
            return {key: _set(part) for key, part in value.items()}
        case list():
            return [_set(part) for part in value]
    return value


def _common(paper: Paper, kind: str, title: str) -> View:
    stamp = paper.stamp
    return {
        "kind": kind,
        "title": title or kind,
        "region": stamp.region,
        "round": stamp.round_title,
        "reference": stamp.reference,
        "entry": say_amount(stamp.entry),
        "when": say_instant(stamp.at),
        "extract": stamp.extract,
        "foot": say_stamp(stamp),
    }


def _proposal(paper: Proposal) -> View:
    return {
        "summary": list(paper.summary),
        "balance": None if paper.balance is None else balance_view(paper.balance),
        "sums": sums_view(paper.listing),
        "list": brief_view(paper.listing, paper.shown),
        "grounds": grounds_view(paper.listing),
    }


def _list(paper: CommonList) -> View:
    return {
        "lede": paper.lede,
        "sums": sums_view(paper.listing),
        "list": list_view(paper.listing),
    }


def _minutes(minutes: Minutes) -> View:
    return {
        "body": minutes.body,
        "day": say_date(minutes.day),
        "place": minutes.place,
        "present": [{"name": one.name, "role": one.role} for one in minutes.present],
        "quorum": minutes.quorum,
        "disqualified": [
            {"person": one.person, "item": one.item, "sentence": one.sentence}
            for one in minutes.disqualified
        ],
        "decisions": [_decision(minutes, decision) for decision in minutes.decisions],
        "reservations": [
            _reservation(one) | {"number": one.number}
            for one in minutes.reservations
            if one.number not in {decision.number for decision in minutes.decisions}
        ],
        "attested": [
            {"name": one.name, "role": one.role, "day": say_date(one.day)}
            for one in minutes.attested_by
        ],
    }


def _decision(minutes: Minutes, decision: Decision) -> View:
    return {
        "number": decision.number.replace("§ ", "§\u00a0"),
        "title": decision.title,
        "words": decision.words,
        "reason": decision.reason,
        "reservations": [
            _reservation(one) for one in minutes.reservations if one.number == decision.number
        ],
    }


def _reservation(one: Reservation) -> View:
    return {"who": one.who, "words": one.words}
