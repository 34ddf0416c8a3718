"""A whole small round by the commands alone, on each database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ROUND, Act, Terminal, read_people
from tests.conftest import Place

ROW = {"tillstand": "Stabil sjukdom", "atgard": "Årlig kontroll", "typ": "effektivisering"}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_round_is_played_from_an_empty_database_to_the_decided_budget(
    dialect: str,
    terminal: Terminal,
    act: Act,
    make_place: Callable[..., Place],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six verksamheter: one returned and answered, one with nothing, one missing; a
    remittance, a bordläggning, two signatures, the last step by time alone."""
    url = make_place(dialect, schema=False).url
    monkeypatch.setenv("BEREDNING_DATABASE__URL", url)
    terminal.do("init", "--rehearsal")
    terminal.do("org", "example", "alvmark", "--units", "6")
    terminal.do("org", "import", "alvmark")
    who = read_people(Path("alvmark"))
    leader, director = who.of("medicinsk_radgivare"), who.of("landstingsdirektor")
    chief = who.of("driftenhetschef")
    (department,) = who.units("driftenhetschef")
    units = who.units("verksamhetschef")
    opening = ["--year", "2010", "--as", leader, "--at", "2008-11-03T08:00:00+01:00"]
    terminal.do("round", "open", "prioritering", *opening)

    # The assignment goes out.
    act("omgang", "faststall", who.of("sekreterare", "landstingsstyrelse"), "2008-11-11T15:00")
    act("omgang", "konstituera", leader, "2008-11-20T10:00")
    given = act("omgang", "lamna_uppdrag", director, "2008-12-03T14:00")

    assert "uppdrag" == given["from"]
    assert "grundarbete" == given["to"]
    assert 6 == len(given["tasks_opened"])

    # One underlag is returned with two questions, answered, and approved.
    first, second, *rest, last = units
    head = who.of("verksamhetschef", first)
    act(f"underlag.{first}", "lamna_in", head, "2009-02-02T09:00", rows={"objekt": [ROW]})
    questions = ["Hur många patienter?", "Varför i år?"]
    act(f"underlag.{first}", "aterlamna", chief, "2009-02-03T09:00", questions=questions)
    answers = {"1": "Färre än hundra.", "2": "Avtalet löper ut."}
    act(f"underlag.{first}", "lamna_in", head, "2009-02-04T09:00", answers=answers)
    approved = act(f"underlag.{first}", "godkann", chief, "2009-02-05T09:00")

    assert "godkant" == approved["to"]
    assert 5 == approved["version"]

    # One has nothing, three hand in, one never comes and is carried as missing.
    nothing = who.of("verksamhetschef", second)
    act(f"underlag.{second}", "inget", nothing, "2009-02-06T09:00", comment="Inget i år.")
    act(f"underlag.{second}", "godkann", chief, "2009-02-06T10:00")
    for hour, unit in enumerate(rest, start=10):
        head = who.of("verksamhetschef", unit)
        act(f"underlag.{unit}", "lamna_in", head, f"2009-02-20T{hour}:00", rows={"objekt": [ROW]})
        act(f"underlag.{unit}", "godkann", chief, f"2009-02-20T{hour}:30")
    missing = ["unit", "missing", ROUND, last, "--reason", "Chefen är sjuk.", "--as", leader]
    early = terminal.refused(*missing, "--at", "2009-02-27T09:00:00+01:00")
    reminded = terminal.read("tick", "--at", "2009-03-02T07:30:00+01:00")
    written = terminal.read("deliver", "--at", "2009-03-02T07:31:00+01:00")
    carried = terminal.read(*missing, "--at", "2009-03-04T09:00:00+01:00")

    assert "refused" == early["code"]
    assert 0 < reminded["reminders"]
    assert written["sent"] == len(list(Path("run/mail").glob("*.eml")))
    assert "missing" == carried["to"]

    # The department reports, gets it back once, and reports again.
    compiled = f"avstamning.{department}"
    act(compiled, "redovisa", chief, "2009-03-13T09:00")
    back = act(
        *("omgang", "aterremiss", director, "2009-03-31T10:00"),
        questions=["Vad betyder det för väntetiden?"],
        pick=[department],
    )
    act(compiled, "redovisa", chief, "2009-04-02T09:00", comment="Den blir kortare.")
    group = who.units("ordforande")[1]
    act("omgang", "uppdra_vardering", director, "2009-04-03T10:00", choose=[group])

    assert "grundarbete" == back["to"]

    # Two bodies weigh, the proposal goes its way, and is postponed once.
    for body in ("medicinska_kommitten", group):
        chair, weighed = who.of("ordforande", body), f"vardering.{body}"
        act(weighed, "stang", chair, "2009-04-15T10:00", comment="Vi bedömer på mötet.")
        act(weighed, "aterlamna", chair, "2009-04-15T10:00", decision={"present": 6})
    proposed = [["set", row, None, {"forslag": "genomfors"}] for row in range(1, 5)]
    act("omgang", "faststall", director, "2009-04-22T10:00", edits={"gemensam_lista": proposed})
    act("omgang", "samverkat", director, "2009-04-27T10:00")
    political = who.of("sekreterare", "politisk_styrgrupp")
    postponed = act(
        *("omgang", "bordlagg", political, "2009-05-25T10:00"),
        comment="Underlaget kom sent.",
        due_on="2009-06-08",
    )
    act("omgang", "till_budget", political, "2009-06-08T10:00")

    assert postponed["from"] == postponed["to"] == "stallningstagande"

    # The council decides; two sign; time makes it final.
    secretary = who.of("sekreterare", "fullmaktige")
    act(
        *("omgang", "bifall", secretary, "2009-06-16T15:00"),
        decision={"meeting_on": "2009-06-16", "paragraph": "74"},
        edits={"beslut": [["set", row, None, {"utfall": "bifall"}] for row in range(1, 5)]},
    )
    act("protokoll", "lamna_till_justering", secretary, "2009-06-22T10:00")
    one, other = who.all("justerare")
    half = act("protokoll", "justera", one, "2009-06-24T10:00")
    signed = act("protokoll", "justera", other, "2009-06-25T10:00")
    act("protokoll", "ansla", who.of("registrator"), "2009-06-26T10:00")
    waited = terminal.read("tick", "--at", "2009-07-17T08:00:00+02:00")
    moved = terminal.read("tick", "--at", "2009-07-18T08:00:00+02:00")

    assert "justeras" == half["to"]
    assert "anslas" == signed["to"]
    assert [0, 1] == [waited["moved"], moved["moved"]]

    # What stands, and its proof.
    (listed,) = terminal.read("round", "list")
    witness = terminal.do("checkpoint", "--at", "2009-08-03T08:00:00+02:00")
    Path("vittne.json").write_text(witness, encoding="utf-8")
    proof = terminal.read("verify", "--checkpoint", "vittne.json")
    lines = [json.loads(line) for line in terminal.do("log", ROUND, "--json").splitlines()]
    held = terminal.run("act", f"{ROUND}.omgang", "faststall", "--as", director)

    assert ("beslutad", 0, 0) == (listed["state"], listed["open_tasks"], listed["overdue"])
    assert proof["ok"]
    assert 2 == proof["chains"]
    assert list(range(1, len(lines) + 1)) == [line["number"] for line in lines]
    assert [("at_due", None)] == [
        (line["kind"], line["actor"]) for line in lines if line["to"] == "laga_kraft"
    ]
    assert [] == terminal.read("incidents")
    assert 1 == held.exit_code
