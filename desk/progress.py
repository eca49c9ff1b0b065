"""How far a recording has come, shown on stderr while it lasts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


class SearchProgress:
    """A bar that fills while branches are derived; nothing where stderr is no terminal.

    It is drawn when it moves, and by no thread of its own, so that processes may be forked beside it.
    """

    def __init__(self, of: str) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        hidden = not console.is_terminal
        self._bar = Progress(*columns, console=console, transient=True, disable=hidden, auto_refresh=False)
        self._task = self._bar.add_task(of, total=None)

    def __enter__(self) -> "SearchProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def done(self, count: int, total: int) -> None:
        """So many are done, of so many."""
        self._bar.update(self._task, completed=count, total=total, refresh=True)


class RecordingProgress:
    """A line that says which file is read, then how many facts are done; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("Reading", total=None)

    def __enter__(self) -> "RecordingProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def reading(self, files: Iterable[Path]) -> Iterator[Path]:
        """The files, each named as it is taken."""
        for file in files:
            self._bar.update(self._task, description=f"Reading {file}")
            yield file

    def recording(self, total: int) -> None:
        """Reading is over, and so many facts are to be recorded."""
        self._bar.update(self._task, description="Recording", total=total)

    def done(self, count: int) -> None:
        """So many facts are done."""
        self._bar.update(self._task, completed=count)
