"""What has happened, how it stood, and what is registered: read, never changed.

events    what has happened, newest first, in words; also as a sheet
coming    what will happen by itself if nobody acts
as_of     how a round stood at the end of a day, by replay of the log
register  the list of documents that the registrator keeps
finding   cases, units and people by a word
sheet     rows as a spreadsheet opens them, and as nobody's formulas

lineup    who there is to be in a demo; `faces` those worth being, in their `company`
tale      what some days brought, for a demo
mailbox   mail that has left, for a demo

rounds    the rounds that somebody has a place in; `round` one of them at a glance
process   what a round runs on, told as `lanes`
board     a round's cases read at once, as one person sees them
timetable the steps and the plan of a round; a `step` as a value
waiting   what stops the next step, and on whom
matrix    units against steps

event     an event as a value
cursor    a place in what has happened, to read on from
reader    what a person sees of a chain
merge     entries and mails of several chains as one row
knowledge what a page of events needs to be told
deeds     entries in words; `posts` mails, `folding` several as one
frame     what stands around the events of a round
"""
