"""How far a recording has come, shown on stderr while it lasts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text


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


class FactsProgress:
    """A line that says what is done, how many facts so far, and how fast; nothing where stderr is no terminal."""

    def __init__(self, what: str) -> None:
        console = Console(stderr=True)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.completed:,} facts"),
            _Rate(),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task(what, total=None)

    def __enter__(self) -> "FactsProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def reading(self, files: Iterable[Path]) -> Iterator[Path]:
        """The files, each named as it is taken."""
        for file in files:
            self._bar.update(self._task, description=f"Recording {file}")
            yield file

    def done(self, count: int) -> None:
        """So many facts are done."""
        self._bar.update(self._task, completed=count, refresh=True)


class StepsProgress:
    """A bar for one step after another; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> "StepsProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self, what: str, done: int, total: int) -> None:
        """So much of a step is done, of so much."""
        self._bar.update(self._task, description=what, completed=done, total=total, refresh=True)


class _Rate(ProgressColumn):
    """How many facts a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f} a second")
