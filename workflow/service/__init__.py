"""The verbs: what can be done, one transaction each.

    opening        open a round, with a copy of all it runs on
    acts           move a case
    attaching      files of a case: put there, taken away, read
    commenting     comments beside a case
    leading        add or end a unit; who may lead
    moving         move a milestone, with `surveying` what that changes
    extending      ask for, grant and refuse more days
    nudging        remind by hand those who owe something
    previewing     show all that a verb changes before it is done
    outlook        what goes out in the days to come if nobody does anything
    substituting   appoint somebody to act for a person
    granting       give and end roles by hand, with `correcting` people, and the `roster`
    organisation   bring in people, units and grants
    clockwork      tick and compose: what time brings
    turn           one locked round, as the clock and the leader see it
    staffing       whether somebody holds what is owed
    incidents      open, tell and close what cannot go on without a person
    mail           mail on its way, from claim to bounce
    signing_in     sessions, local accounts, and the region's own sign-in
    evidence       the log, its proof, checkpoints
    upkeep         back up, restore and upgrade, with `disposal` and `health`
    workers        which processes are at work
    views          lists for the operator; `describing` has incidents in words
    desks          one round, looked at in somebody's language

Every verb takes a `World`: the database, the clock, chance, and how its doings are
stamped.
"""
