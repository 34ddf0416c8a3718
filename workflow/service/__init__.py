"""The verbs: what can be done, one transaction each.

    rounds         open a round, move a milestone, add or carry a unit
    acts           move a case, give what is possible
    clockwork      tick and compose: what time brings
    staffing       whether somebody holds what is owed
    letters        claim a mail, gather what it tells, say what became of it
    organisation   people, units and grants
    evidence       the log, its proof, checkpoints
    views          lists to look at

Every verb takes a `World`: the database, the clock, chance, and how its doings are
stamped.
"""
