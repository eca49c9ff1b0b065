"""One facility on the date of a view: what every answer about it begins with."""

from dataclasses import dataclass
from functools import cached_property

from projections.states import Day
from projections.timeline import Timeline
from projections.view import View


@dataclass(frozen=True)
class OnDate:
    """A facility and its group, on the view's date."""

    view: View
    timeline: Timeline
    name: str

    @cached_property
    def day(self) -> Day:
        """The state of its group."""
        return self.timeline.on(self.view.as_of)

    @cached_property
    def is_open(self) -> bool:
        """Whether it has been opened by the date."""
        return self.day.legal[self.name] != "not_open"
