"""The verbs: what can be done, one transaction each.

    opening        open a round, with a copy of all it runs on
    leading        move a milestone, add or end a unit
    acts           move a case, give what is possible
    clockwork      tick and compose: what time brings
    turn           one locked round, as the clock and the leader see it
    staffing       whether somebody holds what is owed
    letters        claim a mail, gather what it tells, say what became of it
    organisation   people, units and grants
    evidence       the log, its proof, checkpoints
    views          lists to look at

Every verb takes a `World`: the database, the clock, chance, and how its doings are
stamped.
"""
