"""What the letter about the end of a round says of each row; the house rules of `words` hold."""

from notifications.voice import Counted, Phrase

H_UNIT = Phrase("Vad det blev av det som {unit} lämnade", "What became of what {unit} handed in")
DECIDED = Phrase("{outcome}. {why}", "{outcome}. {why}")
NO_DECISION = Phrase("Inget beslut är skrivet.", "No decision is written.")
SUM = Phrase("Sammanlagt {outcome}", "In all {outcome}")
SUM_NONE = Phrase("Sammanlagt utan beslut", "In all without a decision")
ROWS = Counted(Phrase("{n} rad", "{n} row"), Phrase("{n} rader", "{n} rows"))
ROWS_AMOUNT = Phrase("{rows}; {title}: {amount}", "{rows}; {title}: {amount}")
MORE = Counted(
    Phrase("{n} rad till från {unit} står på sidan.", "{n} more row of {unit} is on the page."),
    Phrase("{n} rader till från {unit} står på sidan.", "{n} more rows of {unit} are on the page."),
)
MORE_UNITS = Counted(
    Phrase("{n} enhet till står på sidan.", "{n} more unit is on the page."),
    Phrase("{n} enheter till står på sidan.", "{n} more units are on the page."),
)
SEE = Phrase("Se varje rads väg", "See the way of each row")
