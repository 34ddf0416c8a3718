"""Which processes there are: the region's own folders first, then the shipped ones."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from processes.loader import COMMON, SHIPPED, Loaded, examine, load
from processes.source import read_toml
from workflow.core.errors import DefinitionError, NotFound, Problem
from workflow.core.revision import Revision
from workflow.core.validation.findings import listed, nearest

__all__ = ["Registry"]


class Registry:
    """The processes of an installation, by their permanent key."""

    problems: tuple[Problem, ...]
    """What is wrong with the folders themselves: missing, or a key used twice."""

    def __init__(
        self,
        paths: Iterable[Path] = (),
        *,
        guards: Collection[str] = frozenset(),
        shipped: Path = SHIPPED,
    ) -> None:
        """Look through folders of processes, or of one process each.

        A process of the region's own takes the place of a shipped one with its key.
        """
        self._guards = guards
        self._roots = [*paths]
        self._paths: dict[str, Path] = {}
        problems: list[Problem] = []
        for root in (*self._roots, shipped):
            if not root.is_dir():
                message = "there is no such folder of processes; see the configuration"
                problems.append(Problem(place="", message=message, file=str(root)))
            for folder in _folders(root):
                key = _key(folder)
                other = self._paths.setdefault(key, folder)
                if other != folder and root != shipped:
                    problems.append(
                        Problem(
                            place="key",
                            message=f"'{key}' is the key of two processes: {other} and {folder}",
                            file=str(folder / "process.toml"),
                        )
                    )
        self.problems = tuple(problems)

    def keys(self) -> list[str]:
        """Give the keys of all processes, the region's own first."""
        return list(self._paths)

    def path(self, key: str) -> Path:
        """Give the folder of a process.

        Raises: NotFound with the nearest name.
        """
        if key not in self._paths:
            raise _not_found(key, self.keys())
        return self._paths[key]

    def load(self, key: str, *, year: int) -> Revision:
        """Load a process.

        Raises: NotFound; DefinitionError when it has errors, or shares its key.
        """
        path = self.path(key)
        doubled = [one for one in self.problems if one.place == "key" and f"'{key}'" in one.message]
        if doubled:
            raise DefinitionError(doubled)
        return load(path, year=year, guards=self._guards, common=self._common)

    def examine(self, key: str, *, year: int) -> Loaded:
        """Read a process and say all that is wrong with it.

        Raises: NotFound.
        """
        return self.examine_path(self.path(key), year=year)

    def examine_path(self, path: Path, *, year: int) -> Loaded:
        """Read a process that lies anywhere: a folder, or a file of its own."""
        return examine(path, year=year, guards=self._guards, common=self._common)

    @property
    def _common(self) -> list[Path]:
        return [root / COMMON for root in self._roots]


def _folders(root: Path) -> Iterator[Path]:
    if (root / "process.toml").exists():
        yield root
        return
    if root.is_dir():
        for folder in sorted(root.iterdir()):
            if (folder / "process.toml").exists() and not folder.name.startswith("."):
                yield folder


def _key(folder: Path) -> str:
    """Give a process's key; its folder's name when it cannot be read."""
    try:
        key = read_toml(folder / "process.toml", folder).data.get("key")
    except DefinitionError:
        return folder.name
    return key if isinstance(key, str) and key else folder.name


def _not_found(key: str, known: list[str]) -> NotFound:
    near = nearest(key, known)
    shown = key[:60]
    return NotFound(
        f"Det finns ingen process '{shown}'"
        + (f"; menade du '{near}'?" if near else ".")
        + f" Processer: {listed(known) or 'inga'}.",
        f"There is no process '{shown}'"
        + (f"; did you mean '{near}'?" if near else ".")
        + f" Processes: {listed(known) or 'none'}.",
    )
