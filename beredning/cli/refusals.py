"""What was turned down and what went wrong: in words on stderr, or as one document."""

import errno
from difflib import get_close_matches
from pathlib import Path
from traceback import extract_tb
from typing import Final

from beredning.cli.answers import local_time, print_json, tell
from workflow.core.errors import BadInput, DefinitionError, WorkflowError

__all__ = ["Problems", "Unexpected", "in_words", "nearest", "report", "why"]

BY_ITSELF = {
    "opened": "öppnat",
    "next": "gick vidare, efter ett steg",
    "reopened": "återöppnat",
    "missing": "fört som uteblivet",
    "withdraw": "tillbakadraget",
    "withdrawn": "tillbakadraget",
    "at_due": "gick vidare, sista dagen var förbi",
    "extension_asked": "anstånd begärt",
    "extended": "anstånd gett",
    "extension_refused": "anstånd nekat",
    "handed_over": "lämnat över till någon annan",
}
"""What happens to a case without a button of its own, in words."""


class Problems(WorkflowError):
    """The command was carried out, and found what should not be."""

    code = "problems"

    def __init__(self, sv: str, en: str, *, told: bool = False) -> None:
        """Take a sentence; `told` when the answer has said it in words already."""
        super().__init__(sv, en)
        self.told = told


class Unexpected(WorkflowError):
    """A fault in the program."""

    code = "unexpected"


CAUSES: Final = {
    errno.ENOENT: "det finns inte",
    errno.EACCES: "åtkomst nekad",
    errno.EPERM: "åtkomst nekad",
    errno.EISDIR: "det är en mapp",
    errno.ENOTDIR: "en del av sökvägen är ingen mapp",
    errno.EEXIST: "det finns redan",
    errno.ENOSPC: "disken är full",
    errno.EDQUOT: "utrymmet är slut",
    errno.EROFS: "skrivskyddad disk",
    errno.ENAMETOOLONG: "namnet är för långt",
    errno.ELOOP: "länkarna går i ring",
    errno.EIO: "fel på disken",
}
"""What the system means, in Swedish."""


def why(error: OSError) -> str:
    """Give what the system means by an error."""
    return CAUSES.get(error.errno or 0, error.strerror or type(error).__name__)


def in_words(error: Exception) -> WorkflowError:
    """Put what nobody foresaw into a sentence that names it and says what to do."""
    if isinstance(error, OSError) and error.filename is not None:
        file = error.filename
        name = file.decode(errors="replace") if isinstance(file, bytes) else str(file)
        return BadInput(
            f"{name} går inte att läsa eller skriva: {why(error)}.",
            f"{name} cannot be read or written: {error.strerror}.",
        )
    frames = extract_tb(error.__traceback__)
    at = f" i {Path(frames[-1].filename).name}, rad {frames[-1].lineno}" if frames else ""
    return Unexpected(
        f"Något gick fel i programmet ({type(error).__name__}{at}). Kör kommandot igen med"
        " `beredning --debug` framför och anmäl det som då skrivs ut.",
        f"Something went wrong in the program ({type(error).__name__}{at}). Run the command"
        " again with `beredning --debug` before it and report what is printed.",
    )


def nearest(word: str, known: list[str]) -> str:
    """Give a question about the nearest name, to put after a sentence; empty when none is."""
    near = get_close_matches(word, known, n=1, cutoff=0.75)
    return f" Menade du {near[0]}?" if near else ""


def report(error: WorkflowError, *, as_json: bool, hint: str = "") -> None:
    """Say on stderr what was turned down and why."""
    if as_json:
        told = {
            "code": error.code,
            "message": error.sv + hint,
            "reasons": [{"code": r.code, "message": r.sv} for r in error.reasons],
            "current": error.current,
        }
        if isinstance(error, DefinitionError):
            told["reasons"] = [
                {"code": problem.place, "message": problem.message} for problem in error.problems
            ]
        print_json({"error": told}, to_stderr=True)
        return
    if isinstance(error, DefinitionError):
        _tell_problems(error)
        return
    if isinstance(error, Problems) and error.told:
        return
    tell(error.sv + hint)
    for reason in error.reasons:
        if reason.sv not in error.sv:
            tell(f"  {reason.sv}")
    current = error.current or {}
    if current.get("by"):
        at = local_time(str(current["at"]))
        did = BY_ITSELF.get(str(current["last_transition"]), current["last_transition"])
        tell(f"  Senast: {did} av {current['by']} {at}.")


def _tell_problems(error: DefinitionError) -> None:
    tell("Processen har fel och kan inte användas. Rätta dem och kör `beredning check`.")
    for problem in error.problems:
        where = f"{problem.file}:{problem.line}: " if problem.line else ""
        tell(f"  {where}{problem.place}")
        tell(f"    {problem.message}")
