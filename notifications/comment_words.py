"""What letters about comments say; the house rules of `words` hold."""

from notifications.voice import Counted, Phrase

S_COMMENTS = Counted(
    Phrase("{n} ny kommentar, {day}", "{n} new comment, {day}"),
    Phrase("{n} nya kommentarer, {day}", "{n} new comments, {day}"),
)
H_ONE = Phrase("{by} har kommenterat {title}", "{by} has commented on {title}")
H_MANY = Counted(
    Phrase("{n} ny kommentar om {title}", "{n} new comment on {title}"),
    Phrase("{n} nya kommentarer om {title}", "{n} new comments on {title}"),
)
ONE = Phrase("{by} har skrivit en kommentar om {title}.", "{by} has commented on {title}.")
MANY = Phrase(
    "det finns nya kommentarer om {title}, som du har nu.",
    "there are new comments on {title}, which you have now.",
)
WROTE = Phrase("{by} skrev {day}:", "{by} wrote on {day}:")
MORE = Counted(
    Phrase("{n} kommentar till finns i ärendet.", "{n} more comment is in the case."),
    Phrase("{n} kommentarer till finns i ärendet.", "{n} more comments are in the case."),
)
ANSWER = Phrase("Svara i ärendet", "Answer in the case")
GATHERED = Phrase(
    "Skrivs fler kommentarer samlas de i ett mejl, högst ett i kvarten.",
    "If more comments are written, they come in one mail, at most one each quarter of an hour.",
)
